import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bitsOf,
  bitsOfNumber,
  ceil,
  decompose,
  floor,
  infinity,
  interval,
  keyOf,
  maximum,
  minNormal,
  nearest,
  numberOfBits,
  quotient,
} from './float32.js'

const finite = fc.integer({ min: -0x7f7fffff, max: 0x7f7fffff }).map(BigInt)
/** Exact value of a finite key as a double. */
const valueOfKey = (key: bigint) => numberOfBits(bitsOf(key))
/** A double as a real. */
function realOf(value: number) {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const field = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & ((1n << 52n) - 1n)
  const mantissa = field === 0 ? fraction : fraction | (1n << 52n)
  return {
    mantissa: bits >> 63n === 1n ? -mantissa : mantissa,
    exponent: field === 0 ? -1074 : field - 1075,
  }
}
/** Doubles whose float32 neighbourhood is interesting. */
const double = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc
    .tuple(finite, fc.double({ min: -2, max: 2, noNaN: true }))
    .map(([key, offset]) => valueOfKey(key) * (1 + offset * 2 ** -24)),
  fc
    .tuple(fc.integer({ min: -400, max: 400 }), fc.integer({ min: -9, max: 9 }))
    .map(([halves, ulps]) => halves * 2 ** -150 + ulps * 2 ** -170),
)

describe('float32', () => {
  test('default: key, bits and value of the landmarks', () => {
    expect(keyOf(bitsOfNumber(Number.POSITIVE_INFINITY))).toBe(infinity)
    expect(keyOf(0x80000000)).toBe(0n)
    expect(valueOfKey(minNormal)).toBe(2 ** -126)
    expect(decompose(-minNormal)).toEqual({
      mantissa: -0x800000n,
      exponent: -149,
    })
  })

  test('behavior: decomposing and rounding are inverse', () => {
    fc.assert(
      fc.property(finite, (key) => {
        const { mantissa, exponent } = decompose(key)
        expect(floor(mantissa, exponent)).toBe(key)
        expect(ceil(mantissa, exponent)).toBe(key)
        expect(nearest(mantissa << 70n, exponent - 70)).toBe(key)
        expect(Number(mantissa) * 2 ** exponent).toBe(valueOfKey(key))
      }),
    )
  })

  test('behavior: nearest agrees with the machine, floor and ceil enclose', () => {
    fc.assert(
      fc.property(double, (value) => {
        const { mantissa, exponent } = realOf(value)
        expect(nearest(mantissa, exponent)).toBe(keyOf(bitsOfNumber(value)))
        const low = floor(mantissa, exponent)
        const high = ceil(mantissa, exponent)
        expect(valueOfKey(low)).toBeLessThanOrEqual(value)
        expect(valueOfKey(high)).toBeGreaterThanOrEqual(value)
        expect(high - low).toBe(valueOfKey(low) === value ? 0n : 1n)
      }),
      { numRuns: 2000 },
    )
  })

  test('behavior: a quotient rounds as the exact one', () => {
    const integer = fc.bigInt({ min: -(1n << 60n), max: 1n << 60n })
    const divisor = fc.bigInt({ min: 1n, max: 1n << 40n })
    fc.assert(
      fc.property(
        integer,
        divisor,
        fc.integer({ min: -260, max: 60 }),
        (numerator, denominator, scale) => {
          const { mantissa, exponent } = quotient(numerator, denominator)
          const low = floor(mantissa, exponent + scale)
          const high = ceil(mantissa, exponent + scale)
          // low <= numerator / denominator * 2^scale <= high, exactly.
          const sign = (key: bigint) => {
            const real = decompose(key)
            const shift = BigInt(Math.max(0, -real.exponent - scale) + 400)
            const at = BigInt(real.exponent - scale)
            return (
              ((real.mantissa * denominator) << (shift + at)) -
              (numerator << shift)
            )
          }
          if (low > -infinity) expect(sign(low) <= 0n).toBe(true)
          if (high < infinity) expect(sign(high) >= 0n).toBe(true)
          expect(high - low <= 1n).toBe(true)
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('behavior: beyond the finite values', () => {
    expect(floor(1n, 128)).toBe(maximum)
    expect(ceil(1n, 128)).toBe(infinity)
    expect(nearest(1n, 128)).toBe(infinity)
    expect(floor(-1n, 4000)).toBe(-infinity)
    expect(ceil(-1n, 4000)).toBe(-maximum)
    // Half way to 2^128 rounds to even, that is away.
    expect(nearest((1n << 25n) - 1n, 103)).toBe(infinity)
    expect(nearest((1n << 26n) - 3n, 102)).toBe(maximum)
    expect(floor(1n, -4000)).toBe(0n)
    expect(ceil(1n, -4000)).toBe(1n)
    expect(nearest(1n, -4000)).toBe(0n)
  })

  test('behavior: C0, a set that touches the subnormals holds zero', () => {
    expect(interval(minNormal, 2n * minNormal).low).toBe(0n)
    expect(interval(minNormal + 1n, 2n * minNormal).low).toBe(minNormal + 1n)
    expect(interval(-2n * minNormal, -5n).high).toBe(0n)
  })
})
