import { arithmetics } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import { greatest, least } from './bigints.js'
import { elementwiseRanges } from './elementwise.js'
import { anything, interval, minNormal } from './float32.js'
import type { Checker, Operand } from './operator.js'
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
  nearestKey,
  type Real,
  type Rounding,
  real,
  scale,
  sub,
  toFixed,
  zero,
} from './real.js'
import {
  around,
  type Floats,
  finite,
  floatAt,
  integerAt,
  integers,
  overflows,
  point,
} from './values.js'

// Twin of contracts/verification/operators/ActivationChecker.sol.

export const opcodes = {
  relu: 39,
  leakyRelu: 40,
  pRelu: 41,
  hardSigmoid: 43,
  hardSwish: 44,
  clip: 46,
  floor: 47,
  ceil: 48,
  round: 49,
  sign: 50,
} as const

const one = 0x3f800000n

/** The checker of an opcode of the activation family. */
export function activationChecker(opcode: number): Checker {
  return {
    opcode,
    class: 'float',
    ranges: elementwiseRanges,
    evaluate(query, operands) {
      const dtype = query.outputs[0]?.dtype as number
      const first = operands[0] as Operand
      if (dtype !== 1) return onIntegers(opcode, dtype, query.attributes, first)
      const x = floatAt(first, 0)
      const wgsl = query.arithmetic === arithmetics.wgsl
      // C4: a NaN accepts anything. Shaders may be compiled not to know infinity
      // either.
      if (x.any || (wgsl && !finite(x))) return anything()
      // C3: Relu and Clip are exact on infinities.
      if (opcode === opcodes.relu)
        return interval(greatest(x.low, 0n), greatest(x.high, 0n))
      if (opcode === opcodes.clip) return clipped(query.attributes, x)
      if (!finite(x)) return anything()
      if (opcode === opcodes.leakyRelu)
        return leaky(x, attribute(query.attributes[0]), wgsl)
      if (opcode === opcodes.pRelu)
        return leaky(x, floatAt(operands[1] as Operand, 0), wgsl)
      if (opcode === opcodes.hardSigmoid)
        return hardSigmoid(query.attributes, x, wgsl)
      if (opcode === opcodes.hardSwish) return hardSwish(x, wgsl)
      return interval(stepped(opcode, x.low), stepped(opcode, x.high))
    },
  }
}

function attribute(bits: number | undefined): Floats {
  return point(BigInt.asUintN(32, BigInt(bits as number)))
}

/** Attributes: hasMin, min, hasMax, max; min <= max by admission (C4). */
function clipped(attributes: readonly number[], x: Floats): Interval {
  let { low, high } = x
  if (attributes[0] !== 0) {
    const limit = attribute(attributes[1])
    low = greatest(low, limit.low)
    high = greatest(high, limit.high)
  }
  if (attributes[2] !== 0) {
    const limit = attribute(attributes[3])
    low = least(low, limit.low)
    high = least(high, limit.high)
  }
  return interval(low, high)
}

/** Clip and Relu of integers; the limits are plain numbers. */
function onIntegers(
  opcode: number,
  dtype: number,
  attributes: readonly number[],
  operand: Operand,
): Interval {
  const x = integerAt(operand, 0, dtype)
  if (x === undefined) return anything()
  let { low, high } = x
  // As Min and Max: no int64 beyond 32 bits.
  if (low < -(2n ** 31n) || high >= 2n ** 31n) return anything()
  if (opcode === opcodes.relu)
    return integers(greatest(low, 0n), greatest(high, 0n))
  if (opcode !== opcodes.clip)
    throw new RangeError(`opcode ${opcode} is not served on integers`)
  if (attributes[0] !== 0) {
    const limit = BigInt(attributes[1] as number)
    low = greatest(low, limit)
    high = greatest(high, limit)
  }
  if (attributes[2] !== 0) {
    const limit = BigInt(attributes[3] as number)
    low = least(low, limit)
    high = least(high, limit)
  }
  return integers(low, high)
}

/** x where x >= 0, slope x (correctly rounded) where x < 0. */
function leaky(x: Floats, slope: Floats, wgsl: boolean): Interval {
  if (!finite(slope)) return anything()
  if (x.low >= 0n) return interval(x.low, x.high)
  const negative = { any: false, low: x.low, high: least(x.high, 0n) }
  const product = productOf(negative, slope)
  if (overflows(product.low) || overflows(product.high)) return anything()
  let [low, high] = roundedEnds(product.low, product.high, wgsl)
  // A shader that flushes takes a subnormal for no less than 0, and then moves it
  // as it is.
  if (wgsl && x.high > -minNormal) {
    low = least(low, greatest(x.low, 1n - minNormal))
    high = greatest(high, 0n)
  }
  if (x.high > 0n) {
    low = least(low, 0n)
    high = greatest(high, x.high)
  }
  return interval(low, high)
}

/** To nearest, in WGSL to either neighbour. */
function roundedEnds(low: Real, high: Real, wgsl: boolean): [bigint, bigint] {
  return wgsl
    ? [floorKey(low), ceilKey(high)]
    : [nearestKey(low), nearestKey(high)]
}

/** Exact ends of a product: 48 bits. */
function productOf(x: Floats, y: Floats): { low: Real; high: Real } {
  const [a, b] = [fromKey(x.low), fromKey(x.high)]
  const [c, d] = [fromKey(y.low), fromKey(y.high)]
  const corners = [
    mul(a, c, 'odd'),
    mul(a, d, 'odd'),
    mul(b, c, 'odd'),
    mul(b, d, 'odd'),
  ]
  return { low: corners.reduce(min), high: corners.reduce(max) }
}

/** max(0, min(1, alpha x + beta)), in two roundings or one (FMA): both are honest. */
function hardSigmoid(
  attributes: readonly number[],
  x: Floats,
  wgsl: boolean,
): Interval {
  const product = productOf(x, attribute(attributes[0]))
  const beta = attribute(attributes[1])
  const from = fromKey(beta.low)
  const to = fromKey(beta.high)
  if (overflows(product.low) || overflows(product.high)) return anything()
  // C0: a tiny product may be flushed before beta is added.
  const rounded = interval(...roundedEnds(product.low, product.high, wgsl))
  const bottom = add(min(fromKey(rounded.low), product.low), from, 'odd')
  const top = add(max(fromKey(rounded.high), product.high), to, 'odd')
  if (wgsl && (overflows(bottom) || overflows(top))) return anything()
  const [low, high] = roundedEnds(bottom, top, wgsl)
  return interval(greatest(0n, least(one, low)), greatest(0n, least(one, high)))
}

/**
 * x min(6, max(0, x + 3)) / 6 with 4 u |x|, in WGSL 16 u |x|. Falls to -0.375 at
 * -1.5, then rises.
 */
function hardSwish(x: Floats, wgsl: boolean): Interval {
  const [a, b] = [fromKey(x.low), fromKey(x.high)]
  const largest = max(abs(a), abs(b))
  // C2: 6 x is an intermediate of some kernels.
  if (overflows(scale(largest, 3))) return anything()
  let low = min(hardSwishOf(a, 'down'), hardSwishOf(b, 'down'))
  const high = max(hardSwishOf(a, 'up'), hardSwishOf(b, 'up'))
  const lowest = real(-3n, -1)
  if (compare(a, lowest) < 0 && compare(b, lowest) > 0) low = real(-3n, -3)
  return around(low, high, zero, scale(largest, wgsl ? -20 : -22))
}

function hardSwishOf(x: Real, rounding: Rounding): Real {
  // The factor is rounded away from or towards zero so that the product is on
  // the right side.
  const inner = (rounding === 'down') === x.m >= 0n ? 'down' : 'up'
  const factor = min(max(add(x, real(3n), inner), zero), real(6n))
  return div(mul(x, factor, rounding), real(6n), rounding)
}

/** Floor, Ceil, Round (half to even) or Sign of a finite key; exact and monotone. */
function stepped(opcode: number, key: bigint): bigint {
  if (opcode === opcodes.sign) return key > 0n ? one : key < 0n ? -one : 0n
  const x = fromKey(key)
  // From 2^23 on every float32 is whole.
  if (x.e >= 0) return key
  let whole = toFixed(x, 0, opcode === opcodes.ceil ? 'up' : 'down')
  if (opcode === opcodes.round) {
    const side = compare(sub(x, real(whole), 'odd'), real(1n, -1))
    if (side > 0 || (side === 0 && (whole & 1n) !== 0n)) whole += 1n
  }
  return nearestKey(real(whole))
}
