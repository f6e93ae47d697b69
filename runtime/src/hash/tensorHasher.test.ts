import { dataTree } from '@lynode/sdk'
import { afterAll, expect, test } from 'vitest'
import { nodeSha256 } from './nodeSha256.js'
import { TensorHasher } from './tensorHasher.js'

// The thread runs the built program.
const entry = new URL('../../dist/hash/hashWorker.js', import.meta.url)
const hashers = [new TensorHasher(entry, false), new TensorHasher(entry, true)]
afterAll(() => Promise.all(hashers.map((hasher) => hasher.close())))

test('default: alone and with a second thread it is the tree of the sdk', async () => {
  const sizes = [0, 1, 1024, 1025, 3 * 1024 + 5, 4 * 65_536, 4 * 65_536 + 1]
  // Of several pieces, whose last has a block that is not whole.
  sizes.push(4_194_304 + 70_001)
  for (let round = 0; round < 2; round++)
    for (const length of sizes) {
      const data = new Uint8Array(length)
      for (let i = 0; i < length; i++) data[i] = i * 31 + (i >> 9) + round
      const { root } = dataTree(data, nodeSha256)
      for (const hasher of hashers) expect(hasher.dataRoot(data)).toBe(root)
      // The thread gets time to be late.
      await new Promise((resolve) => setTimeout(resolve, round))
    }
})

test("behavior: tensors one after the other do not get in each other's way", () => {
  const [, hasher] = hashers
  for (let i = 0; i < 60; i++) {
    const data = new Uint8Array(5 * 65_536 + i).fill(i)
    expect(hasher?.dataRoot(data)).toBe(hashers[0]?.dataRoot(data))
  }
})
