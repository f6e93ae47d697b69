import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { keyOf } from './float32.js'
import { type Bounds, erf, exp, ln, sigmoid, tanh } from './functions.js'
import { abs, fromKey, type Real } from './real.js'

// Values of 240 bits, rounded down, that mpmath 1.3 computed with 500.
type Golden = Record<string, [bits: number, m: string, e: number][]>
const golden: Golden = JSON.parse(
  readFileSync(
    new URL('../../src/vectors/functions.json', import.meta.url),
    'utf8',
  ),
)

/** Exact sign of a - b. */
function exactly(a: Real, b: Real): bigint {
  const e = Math.min(a.e, b.e)
  return (a.m << BigInt(a.e - e)) - (b.m << BigInt(b.e - e))
}

const functions: [string, (x: Real) => Bounds, number][] = [
  ['exp', exp, -98],
  ['ln', ln, -78],
  ['sigmoid', sigmoid, -97],
  ['tanh', tanh, -78],
  ['erf', erf, -54],
]

test.each(functions)(
  'behavior: %s lies within its bounds, which are narrow',
  (name, f, width) => {
    for (const [bits, mantissa, e] of golden[name] ?? []) {
      const floor = { m: BigInt(mantissa), e }
      const above = { m: floor.m + 1n, e }
      const { low, high } = f(fromKey(keyOf(bits)))
      expect(exactly(low, above) <= 0n, `${name}(${bits}) low`).toBe(true)
      expect(exactly(floor, high) <= 0n, `${name}(${bits}) high`).toBe(true)
      if (floor.m === 0n) continue
      const least = Math.min(low.e, high.e)
      const gap =
        (high.m << BigInt(high.e - least)) - (low.m << BigInt(low.e - least))
      const allowed = { m: abs(floor).m, e: e + width }
      expect(
        exactly({ m: gap, e: least }, allowed) <= 0n,
        `${name}(${bits}) width`,
      ).toBe(true)
    }
  },
)
