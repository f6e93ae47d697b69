import { LynodeError } from '../errors/lynodeError.js'
import { bytesToHex } from '../hash/hex.js'
import type { Sha256 } from '../hash/sha256.js'
import { tensorRoot } from '../tensor/tensorRoot.js'
import { chunkBytes, dataTree } from '../tree/blobRoot.js'
import { multiproof } from '../tree/multiproof.js'
import type { Opening } from '../types/fraudProof.js'
import type { Manifest } from '../types/manifest.js'
import { type Commitments, resolveValue } from './resolveValue.js'

export type OpenValueParameters = {
  manifest: Manifest
  step: number
  /** Value index. */
  value: number
  /** Ascending chunk indices. */
  chunks: readonly number[]
  commitments: Commitments
  /** All committed bytes of the value. */
  bytes: Uint8Array
  sha256?: Sha256 | undefined
}

/**
 * Opens chunks of one committed value of an execution.
 *
 * @throws LynodeError LY-PRF-004 when the bytes are not those that were committed
 * to, LY-PRF-002 when the commitments do not hold the value.
 * @example
 * const opening = openValue({
 *   manifest, step: 0, value: 0, chunks: [0], commitments, bytes: committed(0),
 * })
 */
export function openValue(parameters: OpenValueParameters): Opening {
  const { manifest, step, value: index, chunks, commitments } = parameters
  const { bytes, sha256 } = parameters
  const value = manifest.values[index]
  if (value === undefined)
    throw new LynodeError('LY-PRF-002', { details: `no value ${index}` })
  const tree = dataTree(bytes, sha256)
  const resolved = resolveValue(value, step, commitments, sha256)
  const fits =
    resolved === undefined
      ? value.kind === 'weight' &&
        tensorRoot(value.type, tree.root, sha256) === value.tensorRoot
      : tree.root === resolved.dataRoot
  if (!fits)
    throw new LynodeError('LY-PRF-004', {
      details: `the bytes of ${JSON.stringify(value.name)} do not hash to the committed root`,
    })
  return {
    value: index,
    dataRoot: tree.root,
    chunks: [...chunks],
    data: bytesToHex(chunksOf(bytes, chunks)),
    proof: multiproof(tree, chunks),
    path: resolved?.path ?? [],
  }
}

/** The chunks, concatenated. */
function chunksOf(bytes: Uint8Array, chunks: readonly number[]): Uint8Array {
  const parts = chunks.map((chunk) =>
    bytes.subarray(chunk * chunkBytes, (chunk + 1) * chunkBytes),
  )
  const data = new Uint8Array(
    parts.reduce((total, part) => total + part.length, 0),
  )
  let at = 0
  for (const part of parts) {
    data.set(part, at)
    at += part.length
  }
  return data
}
