import { expect, test } from 'vitest'
import { rateLimit } from './rateLimit.js'

test('behavior: a burst, then a rate, for each caller alone', () => {
  let now = 0
  const allow = rateLimit({ burst: 3, perSecond: 2, clock: () => now })
  expect([1, 2, 3, 4].map(() => allow('a'))).toEqual([true, true, true, false])
  expect(allow('b')).toBe(true)
  now = 499
  expect(allow('a')).toBe(false)
  now = 1_000
  expect([allow('a'), allow('a'), allow('a')]).toEqual([true, true, false])
  now = 1_000_000
  expect([1, 2, 3, 4].map(() => allow('a'))).toEqual([true, true, true, false])
})
