import { defaultSha256 } from '@lynode/sdk'
import { expect, test } from 'vitest'
import { nodeSha256 } from './nodeSha256.js'

test('default: it is the SHA-256 of the sdk', () => {
  for (const length of [0, 1, 33, 65, 1025])
    for (let seed = 0; seed < 20; seed++) {
      const data = Uint8Array.from({ length }, (_, i) => (i + 1) * (seed + 7))
      const hash = nodeSha256(data)
      expect(Uint8Array.from(hash)).toEqual(defaultSha256(data))
      // A result stays what it is when the next one is made.
      nodeSha256(Uint8Array.of(seed))
      expect(Uint8Array.from(hash)).toEqual(defaultSha256(data))
    }
})
