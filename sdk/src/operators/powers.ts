import type { Interval } from '../types/interval.js'
import { dtypes } from '../types/tensorType.js'
import { greatest } from './bigints.js'
import { anything, interval, one as oneBits } from './float32.js'
import { exp, ln } from './functions.js'
import type { Operand } from './operator.js'
import {
  abs,
  bitLength,
  compare,
  div,
  fromKey,
  max,
  min,
  mul,
  neg,
  one,
  type Real,
  type Rounding,
  real,
  sqrt,
  toFixed,
  zero,
} from './real.js'
import {
  around,
  type Floats,
  finite,
  floatAt,
  integerAt,
  overflows,
} from './values.js'

// Pow of float32 by a constant. Twin of contracts/libraries/Powers.sol.

/** Whole exponents up to this are products. */
const largest = 16n

/**
 * What an honest machine can have produced.
 *
 * @param x Finite.
 * @param exponent A committed constant.
 */
export function power(
  x: Floats,
  exponent: Operand,
  dtype: number,
  wgsl: boolean,
): Interval {
  const p = exponentOf(exponent, dtype)
  const n = toFixed(p, 0, 'down')
  const whole = compare(p, real(n)) === 0 && n <= largest && n >= -largest
  if (compare(abs(p), real(1n, -1)) === 0)
    return repeated(x, p.m < 0n ? -1n : 1n, true, wgsl)
  return whole ? repeated(x, n, false, wgsl) : general(x, p, wgsl)
}

/** By multiplication, or by a root: then n is the sign of the exponent 1/2. */
function repeated(
  x: Floats,
  n: bigint,
  half: boolean,
  wgsl: boolean,
): Interval {
  // C4: x^0 = 1.
  if (!half && n === 0n) return interval(BigInt(oneBits), BigInt(oneBits))
  // WGSL: exp2(y log2(abs(x))), but a square is a product.
  const shader = wgsl && (half || n !== 2n)
  if (shader && x.low <= 0n && x.high >= 0n) return anything()
  // C4: a negative base under a root and the pole at 0 accept anything.
  if (half && x.low < 0n) return anything()
  if (n < 0n && x.low <= 0n && x.high >= 0n) return anything()
  const [a, b] = [fromKey(x.low), fromKey(x.high)]
  const m = n < 0n ? -n : n
  let low: Real
  let high: Real
  if (half) {
    low = sqrt(a, 'down')
    high = sqrt(b, 'up')
  } else if ((m & 1n) !== 0n) {
    low = signedPower(a, m, 'down')
    high = signedPower(b, m, 'up')
  } else {
    const crosses = a.m < 0n && b.m > 0n
    low = product(crosses ? zero : min(abs(a), abs(b)), m, 'down')
    high = product(max(abs(a), abs(b)), m, 'up')
  }
  // C2 on the power itself, which is an intermediate of a negative exponent.
  if (overflows(low) || overflows(high)) return anything()
  if (n < 0n) [low, high] = [div(one, high, 'down'), div(one, low, 'up')]
  if (shader) return exponentiated(low, high, m)
  // 2 ulp; repeated multiplication rounds up to m times.
  return around(low, high, real(half || m <= 2n ? 2n : m + 2n, -23), zero)
}

/**
 * e^(p ln x) for x > 0; C4: anything for others. 4 ulp: kernels keep more digits of
 * p ln x than a float has.
 */
function general(x: Floats, p: Real, wgsl: boolean): Interval {
  // Below these a float32 holds every whole exponent, and what WGSL allows is far below 1.
  const limit = real(1n, wgsl ? 10 : 24)
  if (x.low <= 0n || compare(abs(p), limit) >= 0) return anything()
  const falls = p.m < 0n
  const low = end(falls ? x.high : x.low, p, 'down')
  const high = end(falls ? x.low : x.high, p, 'up')
  if (overflows(high)) return anything()
  // Far below what a float holds: 0 is inside of any allowance.
  if (wgsl && low.m > 0n)
    return exponentiated(low, high, toFixed(abs(p), 0, 'up'))
  return around(low, high, real(4n, -23), zero)
}

/** One end of e^(p ln x). */
function end(key: bigint, p: Real, rounding: 'down' | 'up'): Real {
  const l = ln(fromKey(key))
  const below = (rounding === 'down') === p.m >= 0n
  const y = exp(mul(p, below ? l.low : l.high, rounding))
  return rounding === 'down' ? y.low : y.high
}

/**
 * exp2(t) with t = y log2(x), |y| <= m: 3 + 5 |t| + 3 m ulp. exp2 is off by
 * 3 + 2 |t| ulp; its argument, in units of 2^-23, by |t| for the product, and for the
 * logarithm by 3 |t|, or by 4 m within 1/2 .. 2, times ln 2.
 */
function exponentiated(low: Real, high: Real, m: bigint): Interval {
  const t = greatest(binaryOrder(low), binaryOrder(high))
  return around(
    low,
    high,
    real(3n + 5n * t + 3n * m, -23),
    real(4n + 2n * t, -126),
  )
}

/** A whole number that is at least |log2 |y||; y is not 0. */
function binaryOrder(y: Real): bigint {
  const above = BigInt(y.e + bitLength(abs(y).m))
  return above > 0n ? above : 1n - above
}

/** One that is not finite, which admission refuses, is too large. */
function exponentOf(exponent: Operand, dtype: number): Real {
  if (exponent.derived.length > 0)
    throw new RangeError('the exponent of Pow is no constant')
  if (dtype !== dtypes.float32)
    return real(integerAt(exponent, 0, dtype)?.low ?? 0n)
  const p = floatAt(exponent, 0)
  return finite(p) ? fromKey(p.low) : real(1n, 24)
}

/** x^m for odd m. */
function signedPower(x: Real, m: bigint, rounding: Rounding): Real {
  if (x.m >= 0n) return product(x, m, rounding)
  return neg(product(neg(x), m, rounding === 'down' ? 'up' : 'down'))
}

/** x^m for x >= 0, m >= 1. */
function product(x: Real, m: bigint, rounding: Rounding): Real {
  let y = x
  for (let i = 1n; i < m; i++) y = mul(y, x, rounding)
  return y
}
