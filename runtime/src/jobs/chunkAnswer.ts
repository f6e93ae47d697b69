import {
  buildChunkAnswer,
  type Commitments,
  type DemandRequest,
  demandKinds,
  encodeChunkAnswer,
  type Hex,
  type Manifest,
} from '@lynode/sdk'
import { nodeSha256 } from '../hash/nodeSha256.js'

/** Chunks of one part of a tensor: a transaction carries no more than 128 kB. */
export const partChunks = 96

/**
 * Encodes what answers a demand for chunks, or for a part of a tensor.
 *
 * @param options.from - First chunk of the part; without meaning for chunks.
 * @param options.bytes - Of the whole value, as committed.
 */
export function chunkAnswer(options: {
  manifest: Manifest
  commitments: Commitments
  request: DemandRequest
  from: number
  bytes: Uint8Array
}): Hex {
  const { request, from, ...rest } = options
  return encodeChunkAnswer(
    buildChunkAnswer({
      ...request,
      ...(request.kind === demandKinds.tensor && {
        chunk: from,
        count: Math.min(partChunks, request.count - from),
      }),
      ...rest,
      sha256: nodeSha256,
    }),
  )
}
