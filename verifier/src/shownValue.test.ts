import { expect, test } from 'vitest'
import { shownValue } from './shownValue.js'

test('default: float32 keys and bits as numbers', () => {
  // 1.5, and the keys of -2 and +infinity.
  expect(shownValue(1, 0x3fc00000n, -0x40000000n, 0x7f800000n)).toEqual({
    claimed: 1.5,
    low: -2,
    high: 'Infinity',
  })
})

test('behavior: integers stay exact', () => {
  expect(shownValue(7, 2n ** 63n, -(2n ** 62n), 2n ** 62n)).toEqual({
    claimed: '9223372036854775808',
    low: '-4611686018427387904',
    high: '4611686018427387904',
  })
})
