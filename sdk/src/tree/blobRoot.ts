import { defaultSha256, type Sha256 } from '../hash/sha256.js'
import type { Hex } from '../types/manifest.js'
import { buildTree, hashBytes, type Tree } from './hashTree.js'

/**
 * Bytes of a chunk: the leaves of blobs and tensors (docs/protocol.md section 2).
 *
 * @example
 * chunkBytes // 1024
 */
export const chunkBytes = 1024

/**
 * Number of chunks of `bytes` bytes.
 *
 * @example
 * chunkCount(2_049) // 3
 */
export function chunkCount(bytes: number): number {
  return Math.ceil(bytes / chunkBytes)
}

/**
 * Tree over the 1,024-byte chunks of `bytes`.
 *
 * @example
 * dataTree(new Uint8Array(2_048)).size // 2
 */
export function dataTree(
  bytes: Uint8Array,
  sha256: Sha256 = defaultSha256,
): Tree {
  return buildTree(chunkHashes(bytes, sha256), sha256)
}

/**
 * Root of a byte string such as a model file.
 *
 * @example
 * blobRoot(new Uint8Array(2_048))
 */
export function blobRoot(
  bytes: Uint8Array,
  sha256: Sha256 = defaultSha256,
): Hex {
  return dataTree(bytes, sha256).root
}

/**
 * Leaf hashes of the chunks of `bytes`, through one scratch array.
 *
 * @example
 * chunkHashes(new Uint8Array(2_048)).length // 64
 */
export function chunkHashes(
  bytes: Uint8Array,
  sha256: Sha256 = defaultSha256,
): Uint8Array {
  const count = chunkCount(bytes.length)
  const hashes = new Uint8Array(count * hashBytes)
  const scratch = new Uint8Array(chunkBytes + 1)
  for (let i = 0; i < count; i++) {
    const chunk = bytes.subarray(i * chunkBytes, (i + 1) * chunkBytes)
    scratch.set(chunk, 1)
    const leaf =
      chunk.length === chunkBytes
        ? scratch
        : scratch.subarray(0, chunk.length + 1)
    hashes.set(sha256(leaf), i * hashBytes)
  }
  return hashes
}
