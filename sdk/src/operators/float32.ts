import type { Interval } from '../types/interval.js'

/**
 * float32 bit patterns, their keys (docs/protocol.md section 6), and exact
 * rounding of reals to keys. Twin of `contracts/libraries/Float32.sol`.
 *
 * A real is `mantissa * 2^exponent`. Keys count float32 values in order:
 * `key + 1n` is the next one up, both zeros are 0, the infinities +-`infinity`.
 */

/** A real number: `mantissa * 2^exponent`. */
export type Real = { mantissa: bigint; exponent: number }

/** Key of +infinity. */
export const infinity = 0x7f800000n
/** Key of the largest finite value. */
export const maximum = 0x7f7fffffn
/** Key of 2^-126, the smallest normal value. */
export const minNormal = 0x00800000n
/** Bits of 1. */
export const one = 0x3f800000

const scratch = new DataView(new ArrayBuffer(4))

/** Bits of the float32 nearest to a number. */
export function bitsOfNumber(value: number): number {
  scratch.setFloat32(0, value)
  return scratch.getUint32(0)
}

/** The number that a bit pattern stands for. */
export function numberOfBits(bits: number): number {
  scratch.setUint32(0, bits)
  return scratch.getFloat32(0)
}

/** Key of a bit pattern that is no NaN. */
export function keyOf(bits: number): bigint {
  const magnitude = BigInt(bits & 0x7fffffff)
  return bits >>> 31 === 0 ? magnitude : -magnitude
}

/** Bit pattern of a key; key 0 gives +0. */
export function bitsOf(key: bigint): number {
  return key < 0n ? (Number(-key) | 0x80000000) >>> 0 : Number(key)
}

export function isNaNBits(bits: number): boolean {
  return (bits & 0x7fffffff) > 0x7f800000
}

/** Neither infinite nor NaN. */
export function isFiniteBits(bits: number): boolean {
  return (bits & 0x7f800000) !== 0x7f800000
}

/** Bits of element `index` of packed little-endian float32 values. */
export function bitsAt(data: Uint8Array, index: number): number {
  return new DataView(data.buffer, data.byteOffset, data.length).getUint32(
    4 * index,
    true,
  )
}

/** The exact value of a finite key: |mantissa| < 2^24, -149 <= exponent <= 104. */
export function decompose(key: bigint): Real {
  const magnitude = key < 0n ? -key : key
  const field = Number(magnitude >> 23n)
  const fraction = magnitude & 0x7fffffn
  const mantissa = field === 0 ? fraction : fraction | 0x800000n
  return {
    mantissa: key < 0n ? -mantissa : mantissa,
    exponent: field === 0 ? -149 : field - 150,
  }
}

/**
 * Key of the largest float32 <= a real. Above all finite values: `maximum`;
 * below them: -`infinity`.
 */
export function floor(mantissa: bigint, exponent: number): bigint {
  return mantissa >= 0n
    ? truncate(mantissa, exponent).key
    : -magnitudeUp(-mantissa, exponent)
}

/**
 * Key of the smallest float32 >= a real. Above all finite values: `infinity`;
 * below them: -`maximum`.
 */
export function ceil(mantissa: bigint, exponent: number): bigint {
  return mantissa >= 0n
    ? magnitudeUp(mantissa, exponent)
    : -truncate(-mantissa, exponent).key
}

/** Key of a real rounded to nearest, ties to even (overflow to infinity). */
export function nearest(mantissa: bigint, exponent: number): bigint {
  const negative = mantissa < 0n
  let { key, rest, shift } = truncate(negative ? -mantissa : mantissa, exponent)
  // Overflow leaves shift = 0 and a rest: above 2^128 the nearest is infinity.
  if (rest !== 0n && shift === 0) key = infinity
  else if (rest !== 0n) {
    const half = 1n << BigInt(shift - 1)
    if (rest > half || (rest === half && (key & 1n) === 1n)) key += 1n
  }
  return negative ? -key : key
}

/**
 * `numerator / denominator` as a real whose lowest bit is sticky, so that
 * `floor`, `ceil` and `nearest` of it (times any power of two) equal those of
 * the exact quotient. |numerator| < 2^254, denominator in 1 .. 2^200.
 */
export function quotient(numerator: bigint, denominator: bigint): Real {
  if (numerator === 0n) return { mantissa: 0n, exponent: 0 }
  const magnitude = numerator < 0n ? -numerator : numerator
  const shift = 254 - log2(magnitude)
  const scaled = magnitude << BigInt(shift)
  let ratio = scaled / denominator
  if (ratio * denominator !== scaled) ratio |= 1n
  return { mantissa: numerator < 0n ? -ratio : ratio, exponent: -shift }
}

/** Position of the highest set bit; 0 for 0. */
export function log2(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length - 1
}

/** Every output is accepted (RULES C2). */
export function anything(): Interval {
  return { kind: 'any', low: 0n, high: 0n }
}

/**
 * The float32 values from key `low` to key `high`, widened for flush-to-zero:
 * where the set meets |y| <= 2^-126 a machine that flushes may have produced 0
 * (RULES C0). The bound itself counts as met, since a real just below it rounds
 * to it.
 */
export function interval(low: bigint, high: bigint): Interval {
  const flushed = low <= minNormal && high >= -minNormal
  return {
    kind: 'float',
    low: flushed && low > 0n ? 0n : low,
    high: flushed && high < 0n ? 0n : high,
  }
}

/**
 * The float32 values inside the real interval `[low, high] * 2^exponent`,
 * widened for flush-to-zero (RULES C0).
 */
export function between(low: bigint, high: bigint, exponent: number): Interval {
  return interval(ceil(low, exponent), floor(high, exponent))
}

/** Largest key <= a magnitude, and the `rest` of `shift` bits that was cut off. */
function truncate(
  magnitude: bigint,
  exponent: number,
): { key: bigint; rest: bigint; shift: number } {
  if (magnitude === 0n) return { key: 0n, rest: 0n, shift: 0 }
  const top = exponent + log2(magnitude)
  if (top >= 128) return { key: maximum, rest: 1n, shift: 0 }
  const unit = top < -126 ? -149 : top - 23
  const base = BigInt(unit + 149) << 23n
  if (unit <= exponent)
    return {
      key: base + (magnitude << BigInt(exponent - unit)),
      rest: 0n,
      shift: 0,
    }
  const shift = unit - exponent
  const kept = magnitude >> BigInt(shift)
  return { key: base + kept, rest: magnitude - (kept << BigInt(shift)), shift }
}

function magnitudeUp(magnitude: bigint, exponent: number): bigint {
  const { key, rest } = truncate(magnitude, exponent)
  return rest === 0n ? key : key + 1n
}
