import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  askCapabilities,
  containsCapabilities,
  packCapabilities,
  unpackCapabilities,
} from './capabilitySet.js'

test('default: packs flags and levels, and takes them apart', () => {
  const packed = packCapabilities({
    flags: ['cpu', 'x64', 'vnni'],
    levels: { memory: 14, bandwidth: 20 },
  })
  expect(packed).toBe(
    (20n << 88n) | (14n << 64n) | (1n << 11n) | (1n << 8n) | 1n,
  )
  expect(unpackCapabilities(packed)).toEqual({
    flags: ['cpu', 'x64', 'vnni'],
    levels: { memory: 14, storage: 0, compute: 0, bandwidth: 20 },
  })
  expect(askCapabilities({ flags: ['cuda'] })).toBe(`0x${'0'.repeat(63)}2`)
})

test('behavior: flags must all be there, levels must be reached', () => {
  const own = packCapabilities({ flags: ['cpu'], levels: { memory: 14 } })
  const ask = (asked: Parameters<typeof packCapabilities>[0]) =>
    containsCapabilities(own, packCapabilities(asked))
  expect(ask({})).toBe(true)
  expect(ask({ flags: ['cpu'], levels: { memory: 14 } })).toBe(true)
  expect(ask({ flags: ['cuda'] })).toBe(false)
  expect(ask({ levels: { memory: 15 } })).toBe(false)
  expect(ask({ levels: { storage: 1 } })).toBe(false)
  expect(containsCapabilities(own, 1n << 96n)).toBe(false)
})

test('behavior: CAP-1, containment is an order', () => {
  const set = fc.bigInt({ min: 0n, max: (1n << 96n) - 1n })
  fc.assert(
    fc.property(set, set, set, (a, b, c) => {
      expect(containsCapabilities(a, a)).toBe(true)
      expect(containsCapabilities(a, 0n)).toBe(true)
      if (containsCapabilities(a, b) && containsCapabilities(b, a))
        expect(a).toBe(b)
      if (containsCapabilities(a, b) && containsCapabilities(b, c))
        expect(containsCapabilities(a, c)).toBe(true)
    }),
  )
})

test('error: a level that does not fit', () => {
  expect(() =>
    packCapabilities({ levels: { memory: 256 } }),
  ).toThrowErrorMatchingInlineSnapshot(
    '[RangeError: level memory is 256, not 0 to 255]',
  )
})
