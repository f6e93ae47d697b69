import { describe, expect, test } from 'vitest'
import { halfInterval, halfKey, halfOutward, nearestHalf } from './half.js'

const view = new DataView(new ArrayBuffer(4))
const numberOf = (key: bigint): number => {
  view.setUint32(0, Number(key < 0n ? (1n << 31n) - key : key))
  return view.getFloat32(0)
}
const keyOf = (value: number): bigint => {
  view.setFloat32(0, value)
  const bits = BigInt(view.getUint32(0))
  return bits < 1n << 31n ? bits : (1n << 31n) - bits
}

/** As IEEE 754 defines a float16. */
const defined = (pattern: number): number => {
  const sign = pattern >> 15 ? -1 : 1
  const [field, mantissa] = [(pattern >> 10) & 31, pattern & 1023]
  if (field === 31) return mantissa ? Number.NaN : sign * Infinity
  return field === 0
    ? sign * mantissa * 2 ** -24
    : sign * (1024 + mantissa) * 2 ** (field - 25)
}

describe('halfKey', () => {
  test('behavior: every pattern is the number that it stands for', () => {
    for (let pattern = 0; pattern < 65_536; pattern++) {
      const key = halfKey(BigInt(pattern))
      const value = defined(pattern)
      if (Number.isNaN(value)) expect(key).toBeUndefined()
      else if (numberOf(key ?? 0n) !== value) expect.fail(`${pattern}`)
    }
  })
})

describe('nearestHalf', () => {
  test('behavior: between neighbours the nearer, at a tie the even one', () => {
    for (let pattern = 0; pattern < 0x7bff; pattern++) {
      const [low, high] = [defined(pattern), defined(pattern + 1)]
      const tie = (low + high) / 2
      const even = pattern % 2 === 0 ? low : high
      const found = [
        nearestHalf(keyOf(low)),
        nearestHalf(keyOf(tie) - 1n),
        nearestHalf(keyOf(tie)),
        nearestHalf(keyOf(tie) + 1n),
        nearestHalf(-keyOf(tie)),
      ]
      const wanted = [low, low, even, high, -even].map(keyOf)
      if (found.join() !== wanted.join()) expect.fail(`${pattern}: ${found}`)
    }
  })

  test('behavior: from 65,520 on it is infinite', () => {
    expect(numberOf(nearestHalf(keyOf(65_520)))).toBe(Infinity)
    expect(numberOf(nearestHalf(keyOf(65_520) - 1n))).toBe(65_504)
    expect(numberOf(nearestHalf(keyOf(-3e38)))).toBe(-Infinity)
  })
})

test('behavior: what is subnormal may be flushed (C0)', () => {
  const { low, high } = halfInterval(keyOf(2 ** -15), keyOf(2 ** -15))
  expect([numberOf(low), numberOf(high)]).toEqual([0, 2 ** -15])
})

describe('halfOutward', () => {
  test('behavior: what is between neighbours may be either', () => {
    for (let pattern = 0; pattern < 0x7bff; pattern++) {
      const [low, high] = [defined(pattern), defined(pattern + 1)]
      const between = keyOf((low + high) / 2) + (pattern % 2 ? 1n : -1n)
      // C0: a subnormal may be 0.
      const ends = [low < 2 ** -14 ? 0 : low, high].map(keyOf)
      const found = halfOutward(between, between)
      const below = halfOutward(-between, -between)
      if (found.low !== ends[0] || found.high !== ends[1])
        expect.fail(`${pattern}: ${found.low}..${found.high}`)
      if (below.low !== -ends[1]! || below.high !== -ends[0]!)
        expect.fail(`-${pattern}: ${below.low}..${below.high}`)
      if (low < 2 ** -14) continue
      const exact = halfOutward(keyOf(low), keyOf(low))
      if (exact.low !== keyOf(low) || exact.high !== keyOf(low))
        expect.fail(`${pattern}: not itself`)
    }
  })

  test('behavior: above 65,504 it may be infinite, and so anything', () => {
    const most = keyOf(65_504)
    expect(halfOutward(most, most).kind).toBe('float')
    expect(halfOutward(0n, most + 1n).kind).toBe('any')
    expect(halfOutward(-most - 1n, 0n).kind).toBe('any')
  })
})
