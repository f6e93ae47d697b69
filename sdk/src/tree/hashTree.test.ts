import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesToHex } from '../hash/hex.js'
import { defaultSha256 } from '../hash/sha256.js'
import { blobRoot, chunkBytes } from './blobRoot.js'
import { buildTree, leafHash, leafHashes, merkleRoot } from './hashTree.js'
import { multiproof } from './multiproof.js'
import { nodeHash, verifyMultiproof } from './verifyMultiproof.js'

/** RFC 9162 section 2.1.1, word for word: the reference twin. */
function reference(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return defaultSha256(new Uint8Array(0))
  if (leaves.length === 1) return leafHash(leaves[0]!)
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return nodeHash(reference(leaves.slice(0, k)), reference(leaves.slice(k)))
}

const leaf = fc.uint8Array({ maxLength: 40 })

test('default: equals the recursive definition of RFC 9162', () => {
  fc.assert(
    fc.property(fc.array(leaf, { maxLength: 70 }), (leaves) => {
      expect(merkleRoot(leaves)).toBe(bytesToHex(reference(leaves)))
    }),
    { numRuns: 60 },
  )
})

test('behavior: the tree of no leaves is the hash of nothing', () => {
  expect(merkleRoot([])).toBe(
    '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  )
})

test('behavior: a blob is the tree over its 1,024-byte chunks', () => {
  const bytes = Uint8Array.from({ length: 2 * chunkBytes + 7 }, (_, i) => i)
  expect(blobRoot(bytes)).toBe(
    merkleRoot([
      bytes.slice(0, 1024),
      bytes.slice(1024, 2048),
      bytes.slice(2048),
    ]),
  )
})

const treeWithIndices = fc
  .array(leaf, { minLength: 1, maxLength: 40 })
  .chain((leaves) =>
    fc.tuple(
      fc.constant(leaves),
      fc.uniqueArray(fc.nat(leaves.length - 1), { minLength: 1 }),
    ),
  )
  .map(([leaves, indices]) => ({
    leaves,
    indices: indices.sort((a, b) => a - b),
  }))

test('behavior: a multiproof shows any set of leaves', () => {
  fc.assert(
    fc.property(treeWithIndices, ({ leaves, indices }) => {
      const tree = buildTree(leafHashes(leaves))
      const proof = multiproof(tree, indices)
      const hashes = leafHashes(indices.map((i) => leaves[i]!))
      const check = (
        root = tree.root,
        size = leaves.length,
        at = indices,
        hash = hashes,
        siblings = proof,
      ) => verifyMultiproof(root, size, at, hash, siblings)

      expect(check()).toBe(true)
      const wrong = hashes.slice()
      wrong[0]! ^= 1
      expect(check(undefined, undefined, undefined, wrong)).toBe(false)
      expect(
        check(undefined, undefined, undefined, undefined, [
          ...proof,
          tree.root,
        ]),
      ).toBe(false)
      if (proof.length > 0)
        expect(
          check(undefined, undefined, undefined, undefined, proof.slice(1)),
        ).toBe(false)
    }),
    { numRuns: 60 },
  )
})

test('error: indices out of order or outside', () => {
  const tree = buildTree(leafHashes([new Uint8Array(1), new Uint8Array(2)]))
  expect(() => multiproof(tree, [])).toThrow(RangeError)
  expect(() => multiproof(tree, [1, 0])).toThrow(RangeError)
  expect(() => multiproof(tree, [2])).toThrow(RangeError)
})
