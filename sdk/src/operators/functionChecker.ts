import { arithmetics } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import { greatest } from './bigints.js'
import { elementwiseRanges } from './elementwise.js'
import {
  anything,
  infinity,
  interval,
  keyOf,
  maximum,
  minNormal,
} from './float32.js'
import { type Bounds, erf, exp, ln, sigmoid, tanh } from './functions.js'
import type { Checker, Operand } from './operator.js'
import { power } from './powers.js'
import {
  abs,
  add,
  ceilKey,
  compare,
  div,
  floorKey,
  fromKey,
  max,
  min,
  mul,
  neg,
  one,
  type Real,
  real,
  scale,
  sqrt,
  sub,
  zero,
} from './real.js'
import {
  around,
  type Floats,
  finite,
  floatAt,
  slack,
  within,
} from './values.js'

// Twin of contracts/verification/operators/FunctionChecker.sol.

export const opcodes = {
  sqrt: 31,
  pow: 32,
  exp: 33,
  log: 34,
  erf: 35,
  tanh: 36,
  sigmoid: 37,
  softplus: 38,
  elu: 42,
  gelu: 45,
} as const

/** sqrt(1/2) and sqrt(2/pi), 112 fractional bits, rounded to nearest. */
const sqrtHalf = 3671508318603584465714016303674699n
const sqrt2Pi = 4142853498530158452227508763909468n
/** Both forms of Gelu are least between -3083 / 4096 and -3079 / 4096, and there above this / 2^16. */
const geluMinimum = -11144n

/** The checker of an opcode of the function family. */
export function functionChecker(opcode: number): Checker {
  return {
    opcode,
    class: 'float',
    ranges: elementwiseRanges,
    evaluate(query, operands) {
      const x = floatAt(operands[0] as Operand, 0)
      if (!finite(x)) return anything()
      const wgsl = query.arithmetic === arithmetics.wgsl
      if (opcode === opcodes.pow)
        return power(
          x,
          operands[1] as Operand,
          query.inputs[1]?.dtype ?? 0,
          wgsl,
        )
      if (opcode === opcodes.log) return wgsl ? wgslLogarithm(x) : logarithm(x)
      const [a, b] = [fromKey(x.low), fromKey(x.high)]
      const first = query.attributes[0] ?? 0
      if (opcode === opcodes.sqrt) {
        // C4: a negative argument accepts anything. WGSL: 1 / inverseSqrt(x), which
        // 0 has none of.
        if (x.low < 0n || (wgsl && x.low === 0n)) return anything()
        return relative(sqrt(a, 'down'), sqrt(b, 'up'), wgsl ? 5n : 2n)
      }
      if (wgsl) return onWgsl(opcode, a, b, first)
      switch (opcode) {
        case opcodes.exp:
          return exponential(exp(a).low, exp(b).high)
        case opcodes.erf:
          return relative(erf(a).low, erf(b).high, 4n)
        case opcodes.tanh:
          return relative(tanh(a).low, tanh(b).high, 12n)
        case opcodes.sigmoid:
          // 8 u and 4 ulp; tails may be clamped to 0.
          return around(
            sigmoid(a).low,
            sigmoid(b).high,
            real(1n, -21),
            real(1n, -21),
          )
        case opcodes.softplus:
          // Exp, Log and two additions: 16 ulp and 4 u.
          return around(
            softplus(a, false),
            softplus(b, true),
            real(1n, -19),
            real(1n, -22),
          )
        case opcodes.elu:
          return elu(a, b, first)
        case opcodes.gelu:
          return gelu(a, b, first !== 0, first !== 0 ? -20 : -21)
        default:
          throw new RangeError(`opcode ${opcode} is no function`)
      }
    },
  }
}

/**
 * What is computed by e^x, as the kernels of shaders do it (docs/operators.md,
 * "WebGPU").
 */
function onWgsl(opcode: number, a: Real, b: Real, first: number): Interval {
  const size = max(abs(a), abs(b))
  // Beyond, squares overflow, and what exp is off by of an argument far below 0
  // would count.
  if (compare(size, real(1n, 63)) >= 0) return anything()
  switch (opcode) {
    case opcodes.exp: {
      // 3 + 2 |x| ulp, at least 4; of the least normal number, where the result is
      // none.
      const ulps = add(scale(size, 1), real(4n), 'up')
      return around(
        exp(a).low,
        exp(b).high,
        scale(ulps, -23),
        scale(ulps, -126),
      )
    }
    case opcodes.erf:
      return around(erf(a).low, erf(b).high, real(1n, -21), real(1n, -18))
    case opcodes.tanh:
      return around(tanh(a).low, tanh(b).high, real(12n, -23), real(1n, -21))
    case opcodes.sigmoid: {
      // e^-x overflows, and what is divided by it is undefined.
      if (compare(a, real(-87n)) < 0) return anything()
      const allowed = real(1n, -21)
      return around(sigmoid(a).low, sigmoid(b).high, allowed, allowed)
    }
    case opcodes.softplus: {
      const allowed = real(1n, -19)
      return around(softplus(a, false), softplus(b, true), allowed, allowed)
    }
    case opcodes.elu:
      return elu(a, b, first)
    case opcodes.gelu:
      return gelu(a, b, first !== 0, first !== 0 ? -19 : -18)
    default:
      throw new RangeError(`opcode ${opcode} is no function`)
  }
}

/** An ulp of y is at most 2^-23 |y|. */
function relative(low: Real, high: Real, ulps: bigint): Interval {
  return around(low, high, real(ulps, -23), zero)
}

/**
 * 4 ulp. C4: +infinity is allowed where the upper bound reaches the largest
 * float32; a kernel that saturates there is honest too.
 */
function exponential(least: Real, most: Real): Interval {
  const tolerance = real(1n, -21)
  const limit = fromKey(maximum)
  const bottom = min(least, limit)
  const low = sub(bottom, slack(bottom, tolerance, zero), 'down')
  const high = add(most, slack(most, tolerance, zero), 'up')
  const end = compare(high, limit) >= 0 ? infinity : floorKey(high)
  return interval(ceilKey(low), end)
}

/** 8 ulp. C4: 0 or subnormal may give -infinity, negative anything. */
function logarithm(x: Floats): Interval {
  if (x.low < 0n) return anything()
  // Where 0 is possible, so is what a kernel makes of the smallest normal number.
  const most = greatest(x.high, minNormal)
  const { high } = ln(fromKey(most))
  if (x.low > 0n) return relative(ln(fromKey(x.low)).low, high, 8n)
  return interval(-infinity, relative(high, high, 8n).high)
}

/** 8 ulp, and 2^-21 within 1/2 .. 2; nothing is known of the logarithm of 0. */
function wgslLogarithm(x: Floats): Interval {
  if (x.low <= 0n) return anything()
  const [a, b] = [fromKey(x.low), fromKey(x.high)]
  const near = compare(a, real(2n)) <= 0 && compare(b, real(1n, -1)) >= 0
  const absolute = near ? real(1n, -21) : zero
  return around(ln(a).low, ln(b).high, real(1n, -20), absolute)
}

/** One end of ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|). */
function softplus(x: Real, upper: boolean): Real {
  const rounding = upper ? 'up' : 'down'
  const e = exp(neg(abs(x)))
  const tail = ln(add(upper ? e.high : e.low, one, rounding))
  return add(upper ? tail.high : tail.low, max(x, zero), rounding)
}

/** x where x >= 0, alpha (e^x - 1) where x < 0: |alpha| 12 u and 2 ulp. */
function elu(a: Real, b: Real, alphaBits: number): Interval {
  const alpha = fromKey(keyOf(alphaBits >>> 0))
  if (a.m >= 0n) return within(a, b)
  const bottom = scaledExpm1(a, alpha)
  const top = scaledExpm1(min(b, zero), alpha)
  let low = min(bottom.low, top.low)
  let high = max(bottom.high, top.high)
  if (b.m > 0n) {
    low = min(low, zero)
    high = max(high, b)
  }
  return around(low, high, real(1n, -22), mul(abs(alpha), real(12n, -24), 'up'))
}

/** alpha (e^x - 1) for x <= 0. */
function scaledExpm1(x: Real, alpha: Real): Bounds {
  const e = exp(x)
  let low = sub(e.low, one, 'down')
  let high = sub(e.high, one, 'up')
  if (alpha.m < 0n) [low, high] = [high, low]
  return { low: mul(low, alpha, 'down'), high: mul(high, alpha, 'up') }
}

/**
 * x (1 + erf(x / sqrt 2)) / 2 with 8 u |x|, or
 * x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2 with 16 u |x|: 2^slack |x|. Falls,
 * then rises.
 */
function gelu(a: Real, b: Real, approximate: boolean, slack: number): Interval {
  const largest = max(abs(a), abs(b))
  // C2: a cube, times 0.044715, is an intermediate of the approximate form.
  if (approximate && compare(largest, real(1n, 42)) >= 0) return anything()
  const bottom = geluOf(a, approximate)
  const top = geluOf(b, approximate)
  let low = min(bottom.low, top.low)
  const high = max(bottom.high, top.high)
  if (
    compare(a, b) < 0 &&
    compare(a, real(-3079n, -12)) < 0 &&
    compare(b, real(-3083n, -12)) > 0
  )
    low = min(low, real(geluMinimum, -16))
  return around(low, high, zero, scale(largest, slack))
}

function geluOf(x: Real, approximate: boolean): Bounds {
  let argument = x
  if (approximate) {
    // 0.044715 = 44715 / 10^6
    const cube = mul(mul(mul(x, x, 'odd'), x, 'odd'), real(44715n), 'odd')
    argument = add(x, div(cube, real(1000000n), 'odd'), 'odd')
  }
  const constant = approximate ? sqrt2Pi : sqrtHalf
  argument = mul(argument, real(constant, -112), 'odd')
  // Roundings and constants together: relative 2^-100.
  const error = scale(abs(argument), -100)
  const from = sub(argument, error, 'down')
  const to = add(argument, error, 'up')
  const f = approximate ? tanh : erf
  let low = add(f(from).low, one, 'down')
  let high = add(f(to).high, one, 'up')
  if (x.m < 0n) [low, high] = [high, low]
  return {
    low: scale(mul(low, x, 'down'), -1),
    high: scale(mul(high, x, 'up'), -1),
  }
}
