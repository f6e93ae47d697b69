import { ceil, decompose, floor, nearest } from './float32.js'

// Arithmetic on reals of 126 bits with directed rounding, and float32 keys
// (docs/protocol.md section 6). Twin of contracts/libraries/Reals.sol: both
// sides round at the same places, so every result agrees bit for bit.

/** The real number `m * 2^e`, `|m| < 2^126`. */
export type Real = { readonly m: bigint; readonly e: number }

/**
 * Where a result goes that 126 bits cannot hold: towards minus or plus
 * infinity, or to the odd neighbour, so that a later rounding to at most 124
 * bits is the right one.
 */
export type Rounding = 'down' | 'up' | 'odd'

const precision = 126

/** Position of the highest set bit of `x >= 0`, counted from 1; 0 for 0. */
export function bitLength(x: bigint): number {
  if (x === 0n) return 0
  const digits = x.toString(16)
  return 4 * digits.length - Math.clz32(parseInt(digits[0] as string, 16)) + 28
}

function magnitude(x: bigint): bigint {
  return x < 0n ? -x : x
}

/** `m / 2^shift`. */
export function shiftRight(
  m: bigint,
  shift: number,
  rounding: Rounding,
): bigint {
  const low = m >> BigInt(shift)
  if (rounding === 'down' || low << BigInt(shift) === m) return low
  return rounding === 'up' ? low + 1n : low | 1n
}

/** `m * 2^e`, rounded to 126 bits. */
export function roundReal(m: bigint, e: number, rounding: Rounding): Real {
  const excess = bitLength(magnitude(m)) - precision
  if (excess <= 0) return { m, e }
  return { m: shiftRight(m, excess, rounding), e: e + excess }
}

export function add(first: Real, second: Real, rounding: Rounding): Real {
  if (first.m === 0n) return second
  if (second.m === 0n) return first
  const [a, b] = first.e < second.e ? [second, first] : [first, second]
  const gap = a.e - b.e
  const room = 250 - bitLength(magnitude(a.m))
  if (gap <= room) return roundReal((a.m << BigInt(gap)) + b.m, b.e, rounding)
  return roundReal(
    (a.m << BigInt(room)) + shiftRight(b.m, gap - room, rounding),
    a.e - room,
    rounding,
  )
}

export function sub(a: Real, b: Real, rounding: Rounding): Real {
  return add(a, neg(b), rounding)
}

export function mul(a: Real, b: Real, rounding: Rounding): Real {
  return roundReal(a.m * b.m, a.e + b.e, rounding)
}

/** `a / b`; throws `RangeError` where `b` is 0. */
export function div(a: Real, b: Real, rounding: Rounding): Real {
  if (b.m === 0n) throw new RangeError('division by zero')
  if (a.m === 0n) return zero
  const divisor = magnitude(b.m)
  const shift = 252 - bitLength(magnitude(a.m))
  const dividend = magnitude(a.m) << BigInt(shift)
  let quotient = dividend / divisor
  const negative = a.m < 0n !== b.m < 0n
  if (quotient * divisor !== dividend) {
    if (rounding === 'odd') quotient |= 1n
    else if ((rounding === 'up') !== negative) quotient += 1n
  }
  return roundReal(negative ? -quotient : quotient, a.e - b.e - shift, rounding)
}

/** Square root; throws `RangeError` where `a` is negative. */
export function sqrt(a: Real, rounding: Rounding): Real {
  if (a.m < 0n) throw new RangeError('square root of a negative number')
  if (a.m === 0n) return zero
  let shift = 250 - bitLength(a.m)
  if (((a.e - shift) & 1) !== 0) shift -= 1
  const radicand = a.m << BigInt(shift)
  let root = integerSqrt(radicand)
  if (root * root !== radicand) {
    if (rounding === 'odd') root |= 1n
    else if (rounding === 'up') root += 1n
  }
  return { m: root, e: (a.e - shift) / 2 }
}

export function neg(a: Real): Real {
  return { m: -a.m, e: a.e }
}

export function abs(a: Real): Real {
  return a.m < 0n ? neg(a) : a
}

/** `a * 2^k`. */
export function scale(a: Real, k: number): Real {
  return { m: a.m, e: a.e + k }
}

/** Negative, zero or positive as `a - b` is. */
export function compare(a: Real, b: Real): number {
  // Rounding to odd never makes a difference 0.
  const { m } = add(a, neg(b), 'odd')
  return m < 0n ? -1 : m > 0n ? 1 : 0
}

export function min(a: Real, b: Real): Real {
  return compare(a, b) <= 0 ? a : b
}

export function max(a: Real, b: Real): Real {
  return compare(a, b) >= 0 ? a : b
}

/** `a * 2^scaleBits` as an integer. */
export function toFixed(
  a: Real,
  scaleBits: number,
  rounding: Rounding,
): bigint {
  const shift = a.e + scaleBits
  return shift >= 0 ? a.m << BigInt(shift) : shiftRight(a.m, -shift, rounding)
}

/** Value of a finite float32 key. */
export function fromKey(key: bigint): Real {
  const { mantissa, exponent } = decompose(key)
  return { m: mantissa, e: exponent }
}

/** Key of the largest float32 <= `a`. */
export function floorKey(a: Real): bigint {
  return floor(a.m, a.e)
}

/** Key of the smallest float32 >= `a`. */
export function ceilKey(a: Real): bigint {
  return ceil(a.m, a.e)
}

/** Key of the float32 nearest to `a`, ties to even; `a` is exact or rounded to odd. */
export function nearestKey(a: Real): bigint {
  return nearest(a.m, a.e)
}

export const zero: Real = { m: 0n, e: 0 }
export const one: Real = { m: 1n, e: 0 }

/** `m * 2^e` as it stands. */
export function real(m: bigint, e = 0): Real {
  return { m, e }
}

function integerSqrt(x: bigint): bigint {
  if (x === 0n) return 0n
  let root = 1n << BigInt((bitLength(x) + 1) >> 1)
  for (;;) {
    const next = (root + x / root) >> 1n
    if (next >= root) return root
    root = next
  }
}
