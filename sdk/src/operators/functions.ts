import {
  abs,
  add,
  bitLength,
  compare,
  div,
  mul,
  neg,
  one,
  type Real,
  type Rounding,
  real,
  roundReal,
  scale,
  sub,
  toFixed,
} from './real.js'

// Sound bounds of functions of one real, from integer arithmetic with a stated
// truncation error. Twin of contracts/libraries/Functions.sol: the very same
// integers. Fixed point has 112 fractional bits unless a line says otherwise.

/** A real number lies between the two, both ends inclusive. */
export type Bounds = { readonly low: Real; readonly high: Real }

const unit = 1n << 112n
const ln2 = 3599025928123676973540407451845619n
const inverseLn2 = 7490900928631539394323262730195514n
const sqrtHalf = 3671508318603584465714016303674699n
/** 2 / sqrt(pi) */
const erfScale = 5858879604546175277361428336400382n

/** e^x. Relative error < 2^-100 for |x| <= 200; below, [0, 2^-280]; above, both ends are beyond every float32. */
export function exp(x: Real): Bounds {
  if (compare(x, real(200n)) > 0)
    return { low: real(1n, 280), high: real(1n, 290) }
  if (compare(x, real(-200n)) < 0)
    return { low: real(0n), high: real(1n, -280) }
  const argument = toFixed(x, 112, 'down')
  // x = k ln 2 + rest, |rest| <= (ln 2) / 2.
  const k = (argument * inverseLn2 + (1n << 223n)) >> 224n
  const rest = argument - k * ln2
  let y = unit
  // 24 terms: 0.3466^25 / 25! < 2^-121.
  for (let n = 24n; n > 0n; n--) y = unit + ((rest * y) >> 112n) / n
  const e = Number(k) - 112
  return { low: real(y - 4096n, e), high: real(y + 4096n, e) }
}

/** Natural logarithm of `x > 0`. Absolute error < 2^-104. */
export function ln(x: Real): Bounds {
  const length = bitLength(x.m)
  // x = z 2^k, z in [0.7, 1.42).
  let k = BigInt(x.e + length)
  let z = toFixed(real(x.m, -length), 112, 'down')
  if (z < sqrtHalf) {
    z *= 2n
    k -= 1n
  }
  // ln z = 2 atanh s; 24 terms: 0.1716^49 / 49 < 2^-130.
  const s = ((z - unit) << 112n) / (z + unit)
  const square = (s * s) >> 112n
  let sum = 0n
  for (let n = 47n; n > 0n; n -= 2n) sum = unit / n + ((square * sum) >> 112n)
  sum = ((s * sum) >> 111n) + k * ln2
  return { low: real(sum - 256n, -112), high: real(sum + 256n, -112) }
}

/** 1 / (1 + e^-x). Relative error < 2^-98. */
export function sigmoid(x: Real): Bounds {
  const e = exp(neg(abs(x)))
  const above = add(e.high, one, 'up')
  const below = add(e.low, one, 'down')
  if (x.m >= 0n)
    return { low: div(one, above, 'down'), high: div(one, below, 'up') }
  return { low: div(e.low, below, 'down'), high: div(e.high, above, 'up') }
}

/** Hyperbolic tangent. Relative error < 2^-78. */
export function tanh(x: Real): Bounds {
  if (x.m < 0n) return mirrored(tanh(neg(x)))
  if (compare(x, real(1n, -20)) < 0) return nearZero(x)
  const e = exp(neg(scale(x, 1)))
  return { low: towardsOne(e.high, 'down'), high: towardsOne(e.low, 'up') }
}

/** Error function. Relative error < 2^-55. */
export function erf(x: Real): Bounds {
  if (x.m < 0n) return mirrored(erf(neg(x)))
  const low = real(erfScale - 1n, -112)
  const high = real(erfScale + 1n, -112)
  // erfc(6) < 2^-55.
  if (compare(x, real(6n)) >= 0)
    return { low: real((1n << 55n) - 1n, -55), high: one }
  if (compare(x, real(1n, -20)) < 0) {
    // x - x^3 / 3 <= (sqrt(pi) / 2) erf x <= x - x^3 / 3 + x^5.
    const near = nearZero(x)
    return {
      low: mul(near.low, low, 'down'),
      high: mul(near.high, high, 'up'),
    }
  }
  // erf x = (2 / sqrt(pi)) e^(-x^2) S(x)
  const series = seriesOf(x)
  const least = mul(low, exp(neg(mul(x, x, 'up'))).low, 'down')
  const most = mul(high, exp(neg(mul(x, x, 'down'))).high, 'up')
  // Every truncation of S was downwards: S <= exact < S (1 + 2^-64).
  const wider = mul(most, real((1n << 64n) + 1n, -64), 'up')
  return {
    low: mul(least, series, 'down'),
    high: mul(wider, series, 'up'),
  }
}

/** Sum of 2^n x^(2n+1) / (1 3 5 .. (2n+1)) for 2^-20 <= x < 6, with 96 fractional bits. */
function seriesOf(x: Real): Real {
  let term = toFixed(x, 96, 'down')
  let sum = term
  const twice = (term * term) >> 95n
  for (let n = 3n; term > 0n; n += 2n) {
    term = ((term * twice) >> 96n) / n
    sum += term
  }
  return roundReal(sum, -96, 'down')
}

/** x - x^3 / 3 <= tanh x <= x - x^3 / 3 + x^5, 0 <= x < 2^-20. */
function nearZero(x: Real): Bounds {
  const cube = mul(mul(x, x, 'up'), x, 'up')
  const low = sub(x, div(cube, real(3n), 'up'), 'down')
  const fifth = mul(mul(cube, x, 'up'), x, 'up')
  // `low` may be 2^-120 of it too small, as the cube is too large: the fifth
  // power and this cover it.
  const high = add(low, fifth, 'up')
  return { low, high: add(high, scale(x, -100), 'up') }
}

/** (1 - e) / (1 + e), 0 <= e < 1. */
function towardsOne(e: Real, rounding: Rounding): Real {
  const other = rounding === 'down' ? 'up' : 'down'
  return div(sub(one, e, rounding), add(one, e, other), rounding)
}

function mirrored(y: Bounds): Bounds {
  return { low: neg(y.high), high: neg(y.low) }
}
