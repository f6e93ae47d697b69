import { bytesToHex } from '../hash/hex.js'
import { defaultSha256, type Sha256 } from '../hash/sha256.js'
import type { Hex } from '../types/manifest.js'

/** Bytes of a hash. */
export const hashBytes = 32

/**
 * A hash tree of docs/protocol.md section 1 with all its levels: `levels[0]`
 * holds the leaf hashes, 32 bytes each, the last level the root alone. The tree
 * of no leaves has one empty level.
 */
export type Tree = {
  root: Hex
  /** Number of leaves. */
  size: number
  levels: readonly Uint8Array[]
}

/**
 * `H(0x00 | data)`.
 *
 * @example
 * leafHash(Uint8Array.of(1)).length // 32
 */
export function leafHash(
  data: Uint8Array,
  sha256: Sha256 = defaultSha256,
): Uint8Array {
  const prefixed = new Uint8Array(data.length + 1)
  prefixed.set(data, 1)
  return sha256(prefixed)
}

/**
 * Leaf hashes of `leaves`, concatenated: the input of `buildTree`.
 *
 * @example
 * leafHashes([Uint8Array.of(1), Uint8Array.of(2)]).length // 64
 */
export function leafHashes(
  leaves: readonly Uint8Array[],
  sha256: Sha256 = defaultSha256,
): Uint8Array {
  const hashes = new Uint8Array(leaves.length * hashBytes)
  leaves.forEach((leaf, i) => {
    hashes.set(leafHash(leaf, sha256), i * hashBytes)
  })
  return hashes
}

/**
 * Builds the tree over leaf hashes (32 bytes each, concatenated).
 * Hashes level by level and promotes an odd last node, which equals the
 * recursive definition of RFC 9162 section 2.1.
 *
 * @example
 * buildTree(leafHashes([Uint8Array.of(1), Uint8Array.of(2)])).root
 */
export function buildTree(
  hashes: Uint8Array,
  sha256: Sha256 = defaultSha256,
): Tree {
  const size = hashes.length / hashBytes
  if (!Number.isInteger(size)) throw new Error('leaf hashes have 32 bytes each')
  const levels = [hashes]
  if (size === 0)
    return { root: bytesToHex(sha256(new Uint8Array(0))), size, levels }
  const joined = new Uint8Array(1 + 2 * hashBytes)
  joined[0] = 1
  let level = hashes
  while (level.length > hashBytes) {
    level = parentLevel(level, joined, sha256)
    levels.push(level)
  }
  return { root: bytesToHex(level), size, levels }
}

/**
 * Root of the tree over `leaves`.
 *
 * @example
 * merkleRoot([Uint8Array.of(1), Uint8Array.of(2)])
 */
export function merkleRoot(
  leaves: readonly Uint8Array[],
  sha256: Sha256 = defaultSha256,
): Hex {
  return buildTree(leafHashes(leaves, sha256), sha256).root
}

/** `joined` is a scratch array of 65 bytes that begins with 0x01. */
function parentLevel(
  level: Uint8Array,
  joined: Uint8Array,
  sha256: Sha256,
): Uint8Array {
  const count = level.length / hashBytes
  const parents = new Uint8Array(Math.ceil(count / 2) * hashBytes)
  for (let i = 0; i + 1 < count; i += 2) {
    joined.set(level.subarray(i * hashBytes, (i + 2) * hashBytes), 1)
    parents.set(sha256(joined), (i / 2) * hashBytes)
  }
  if (count % 2 === 1)
    parents.set(
      level.subarray((count - 1) * hashBytes),
      parents.length - hashBytes,
    )
  return parents
}
