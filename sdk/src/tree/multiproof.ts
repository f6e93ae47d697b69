import { bytesToHex } from '../hash/hex.js'
import type { Hex } from '../types/manifest.js'
import { hashBytes, type Tree } from './hashTree.js'

/**
 * The missing sibling hashes of the leaves `indices` (ascending, at least one),
 * level by level from the leaves up, left to right in each level
 * (docs/protocol.md section 1). One index gives the usual single proof.
 *
 * @throws RangeError when an index is outside the tree or out of order.
 * @example
 * multiproof(dataTree(new Uint8Array(4_096)), [1]).length // 2
 */
export function multiproof(tree: Tree, indices: readonly number[]): Hex[] {
  checkIndices(tree.size, indices)
  const proof: Hex[] = []
  let known: readonly number[] = indices
  for (const level of tree.levels) {
    const count = level.length / hashBytes
    if (count === 1) break
    const parents: number[] = []
    for (let i = 0; i < known.length; i++) {
      const position = known[i]!
      if (position % 2 === 1) proof.push(nodeAt(level, position - 1))
      else if (position + 1 < count) {
        if (known[i + 1] === position + 1) i++
        else proof.push(nodeAt(level, position + 1))
      }
      parents.push(position >>> 1)
    }
    known = parents
  }
  return proof
}

/** Throws a RangeError unless `indices` ascend strictly within `size`. */
export function checkIndices(size: number, indices: readonly number[]): void {
  if (indices.length === 0) throw new RangeError('no leaf to prove')
  let last = -1
  for (const index of indices) {
    if (!Number.isInteger(index) || index <= last || index >= size)
      throw new RangeError(`leaf ${index} is out of order or not below ${size}`)
    last = index
  }
}

function nodeAt(level: Uint8Array, position: number): Hex {
  return bytesToHex(
    level.subarray(position * hashBytes, (position + 1) * hashBytes),
  )
}
