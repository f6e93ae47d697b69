import { isHonest } from '@lynode/sdk'
import { expect, test } from 'vitest'
import { pushedOutside } from './pushes.js'

test('default: one float32 step beyond either end, and NaN', () => {
  const interval = { kind: 'float', low: -1n, high: 0x3f800000n } as const
  expect(pushedOutside(interval, 1, 4)).toEqual([
    0x80000002n,
    0x3f800001n,
    0x7fc00000n,
  ])
})

test('behavior: what is pushed is outside, and only where there is an outside', () => {
  const full = { kind: 'integer', low: -128n, high: 127n } as const
  expect(pushedOutside(full, 3, 1)).toEqual([])
  expect(pushedOutside({ kind: 'any', low: 0n, high: 0n }, 1, 4)).toEqual([])
  for (const [interval, dtype, bytes] of [
    [{ kind: 'integer', low: 0n, high: 0n }, 2, 1],
    [{ kind: 'integer', low: -5n, high: 7n }, 7, 8],
    [{ kind: 'bits', low: 0n, high: 0n }, 9, 1],
    [{ kind: 'bits', low: 0x7fc00000n, high: 0x7fc00000n }, 1, 4],
    [{ kind: 'float', low: -0x7f800000n, high: 0x7f800000n }, 1, 4],
  ] as const)
    for (const bits of pushedOutside(interval, dtype, bytes))
      expect(isHonest(interval, bits, dtype)).toBe(false)
})
