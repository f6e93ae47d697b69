import { chunkBytes, chunkCount, dataTree, multiproof } from '@lynode/sdk'
import { expect, test } from 'vitest'
import { nodeSha256 } from '../hash/nodeSha256.js'
import { BlockHasher, blockBytes, rangeProof } from './blockTree.js'

const blob = (bytes: number) =>
  Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + (i >> 10)) & 255)

const sizes = [
  0,
  1,
  chunkBytes,
  chunkBytes + 1,
  blockBytes - 1,
  blockBytes,
  blockBytes + 1,
  blockBytes + chunkBytes * 3 + 5,
  2 * blockBytes,
  5 * blockBytes + 17 * chunkBytes,
  8 * blockBytes + 1,
]

test.each(sizes)(
  'default: %i bytes in parts give the root of the whole',
  (size) => {
    const bytes = blob(size)
    for (const part of [1_000, blockBytes, 3 * blockBytes + 7]) {
      const hasher = new BlockHasher()
      for (let at = 0; at < size; at += part)
        hasher.update(bytes.subarray(at, at + part))
      expect(hasher.finish().root).toBe(dataTree(bytes, nodeSha256).root)
    }
  },
)

test.each(sizes.slice(1))(
  'behavior: proofs of ranges of %i bytes are those of the whole tree',
  async (size) => {
    const bytes = blob(size)
    const whole = dataTree(bytes, nodeSha256)
    const hasher = new BlockHasher()
    hasher.update(bytes)
    const blocks = hasher.finish()
    const chunks = chunkCount(size)
    const read: number[] = []
    for (let i = 0; i < 60; i++) {
      const first = (i * 37) % chunks
      const count = 1 + ((i * 53) % (chunks - first))
      read.length = 0
      const proof = await rangeProof(blocks, size, first, count, async (at) => {
        read.push(at)
        return bytes.subarray(at * blockBytes, (at + 1) * blockBytes)
      })
      expect(proof).toEqual(
        multiproof(
          whole,
          Array.from({ length: count }, (_, k) => first + k),
        ),
      )
      // However large the blob is.
      expect(read.length).toBeLessThanOrEqual(2)
    }
  },
)
