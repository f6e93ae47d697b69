import {
  concat,
  decodeAbiParameters,
  encodeAbiParameters,
  type Hex,
  hashTypedData,
  keccak256,
  parseAbiParameters,
  size,
  slice,
  stringToHex,
} from 'viem'
import { rootOfPath } from '../tree/setTree.js'
import { orderBatchTypes } from '../types/order.js'
import { orderDomain } from './orderId.js'

/** What a signature of one order of a batch holds: `IJobMarket.Shard`. */
export type Shard = { count: number; path: readonly Hex[]; signature: Hex }

/** Ends a signature that stands for a shard of a batch. */
const marker = keccak256(stringToHex('Lynode OrderBatch shard'))

const parameters = parseAbiParameters('uint32, bytes32[], bytes')

/**
 * Encodes the signature of one order of a batch (docs/protocol.md section 4).
 *
 * @example
 * const { proofOf } = batchTree([jobId])
 * encodeShard({ count: 1, path: proofOf(jobId), signature: `0x${'11'.repeat(65)}` })
 */
export function encodeShard({ count, path, signature }: Shard): Hex {
  return concat([
    encodeAbiParameters(parameters, [count, [...path], signature]),
    marker,
  ])
}

/**
 * What was really signed by a signature of an order: the job id itself, or the
 * batch that a shard proves it to be in. Twin of `OrderConsent`.
 *
 * @returns The digest and the signature over it.
 * @example
 * const shard = encodeShard({ count: 1, path: [], signature: `0x${'11'.repeat(65)}` })
 * openShard({ chainId, jobMarket: addressBook.contracts.jobMarket }, jobId, shard).digest
 */
export function openShard(
  place: Parameters<typeof orderDomain>[0],
  jobId: Hex,
  signature: Hex,
): { digest: Hex; signature: Hex } {
  const length = size(signature)
  if (length <= 160 || slice(signature, length - 32) !== marker)
    return { digest: jobId, signature }
  try {
    const [count, path, inner] = decodeAbiParameters(
      parameters,
      slice(signature, 0, length - 32),
    )
    const digest = hashTypedData({
      domain: orderDomain(place),
      types: orderBatchTypes,
      primaryType: 'OrderBatch',
      message: { root: rootOfPath(jobId, path), count },
    })
    return { digest, signature: inner }
  } catch {
    return { digest: jobId, signature } // no shard: nobody's signature
  }
}
