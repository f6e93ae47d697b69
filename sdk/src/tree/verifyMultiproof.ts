import { bytesToHex, hexToBytes, isRoot } from '../hash/hex.js'
import { defaultSha256, type Sha256 } from '../hash/sha256.js'
import type { Hex } from '../types/manifest.js'
import { hashBytes } from './hashTree.js'
import { checkIndices } from './multiproof.js'

/** A node of a level whose hash is known. */
type Known = { position: number; hash: Uint8Array }

/**
 * Root that the leaf hashes (32 bytes each, concatenated) at `indices` give in a
 * tree of `size` leaves with `proof`; `undefined` when the proof is malformed:
 * indices out of order, hashes missing or left over.
 *
 * @example
 * const blob = new Uint8Array(2_048)
 * const proof = multiproof(dataTree(blob), [0])
 * rootFromMultiproof(2, [0], leafHash(blob.subarray(0, 1_024)), proof) === blobRoot(blob) // true
 */
export function rootFromMultiproof(
  size: number,
  indices: readonly number[],
  hashes: Uint8Array,
  proof: readonly Hex[],
  sha256: Sha256 = defaultSha256,
): Hex | undefined {
  try {
    checkIndices(size, indices)
  } catch {
    return undefined // a malformed proof is an answer here, not an error
  }
  if (hashes.length !== indices.length * hashBytes) return undefined
  if (!proof.every(isRoot)) return undefined

  let known: Known[] = indices.map((position, i) => ({
    position,
    hash: hashes.slice(i * hashBytes, (i + 1) * hashBytes),
  }))
  let used = 0
  for (let count = size; count > 1; count = Math.ceil(count / 2)) {
    const parents: Known[] = []
    for (let i = 0; i < known.length; i++) {
      const { position, hash } = known[i]!
      let parent = hash
      if (position % 2 === 1) {
        const left = proof[used++]
        if (left === undefined) return undefined
        parent = nodeHash(hexToBytes(left), hash, sha256)
      } else if (position + 1 < count) {
        const next = known[i + 1]
        if (next?.position === position + 1) {
          parent = nodeHash(hash, next.hash, sha256)
          i++
        } else {
          const right = proof[used++]
          if (right === undefined) return undefined
          parent = nodeHash(hash, hexToBytes(right), sha256)
        }
      }
      parents.push({ position: position >>> 1, hash: parent })
    }
    known = parents
  }
  return used === proof.length ? bytesToHex(known[0]!.hash) : undefined
}

/**
 * Whether `proof` shows that these leaf hashes stand at `indices` under `root`.
 *
 * @example
 * const blob = new Uint8Array(2_048)
 * const proof = multiproof(dataTree(blob), [0])
 * verifyMultiproof(blobRoot(blob), 2, [0], leafHash(blob.subarray(0, 1_024)), proof) // true
 */
export function verifyMultiproof(
  root: Hex,
  size: number,
  indices: readonly number[],
  hashes: Uint8Array,
  proof: readonly Hex[],
  sha256: Sha256 = defaultSha256,
): boolean {
  return rootFromMultiproof(size, indices, hashes, proof, sha256) === root
}

/**
 * `H(0x01 | left | right)`.
 *
 * @example
 * nodeHash(leafHash(Uint8Array.of(1)), leafHash(Uint8Array.of(2)))
 */
export function nodeHash(
  left: Uint8Array,
  right: Uint8Array,
  sha256: Sha256 = defaultSha256,
): Uint8Array {
  const joined = new Uint8Array(1 + 2 * hashBytes)
  joined[0] = 1
  joined.set(left, 1)
  joined.set(right, 1 + hashBytes)
  return sha256(joined)
}
