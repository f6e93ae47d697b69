import type { Interval } from '../types/interval.js'
import { greatest, least } from './bigints.js'
import { elementwiseRanges } from './elementwise.js'
import { anything, interval } from './float32.js'
import type { Checker, Operand } from './operator.js'
import {
  abs,
  add,
  compare,
  div,
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
      // C4: a NaN accepts anything.
      if (x.any) return anything()
      // C3: Relu and Clip are exact on infinities.
      if (opcode === opcodes.relu)
        return interval(greatest(x.low, 0n), greatest(x.high, 0n))
      if (opcode === opcodes.clip) return clipped(query.attributes, x)
      if (!finite(x)) return anything()
      if (opcode === opcodes.leakyRelu)
        return leaky(x, attribute(query.attributes[0]))
      if (opcode === opcodes.pRelu)
        return leaky(x, floatAt(operands[1] as Operand, 0))
      if (opcode === opcodes.hardSigmoid)
        return hardSigmoid(query.attributes, x)
      if (opcode === opcodes.hardSwish) return hardSwish(x)
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
function leaky(x: Floats, slope: Floats): Interval {
  if (!finite(slope)) return anything()
  if (x.low >= 0n) return interval(x.low, x.high)
  const negative = { any: false, low: x.low, high: least(x.high, 0n) }
  const product = productOf(negative, slope)
  if (overflows(product.low) || overflows(product.high)) return anything()
  let low = nearestKey(product.low)
  let high = nearestKey(product.high)
  if (x.high > 0n) {
    low = least(low, 0n)
    high = greatest(high, x.high)
  }
  return interval(low, high)
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
function hardSigmoid(attributes: readonly number[], x: Floats): Interval {
  const product = productOf(x, attribute(attributes[0]))
  const beta = attribute(attributes[1])
  const from = fromKey(beta.low)
  const to = fromKey(beta.high)
  if (overflows(product.low) || overflows(product.high)) return anything()
  // C0: a tiny product may be flushed before beta is added.
  const rounded = interval(nearestKey(product.low), nearestKey(product.high))
  const low = least(plus(fromKey(rounded.low), from), plus(product.low, from))
  const high = greatest(plus(fromKey(rounded.high), to), plus(product.high, to))
  return interval(greatest(0n, least(one, low)), greatest(0n, least(one, high)))
}

function plus(a: Real, b: Real): bigint {
  return nearestKey(add(a, b, 'odd'))
}

/** x min(6, max(0, x + 3)) / 6 with 4 u |x|. Falls to -0.375 at -1.5, then rises. */
function hardSwish(x: Floats): Interval {
  const [a, b] = [fromKey(x.low), fromKey(x.high)]
  const largest = max(abs(a), abs(b))
  // C2: 6 x is an intermediate of some kernels.
  if (overflows(scale(largest, 3))) return anything()
  let low = min(hardSwishOf(a, 'down'), hardSwishOf(b, 'down'))
  const high = max(hardSwishOf(a, 'up'), hardSwishOf(b, 'up'))
  const lowest = real(-3n, -1)
  if (compare(a, lowest) < 0 && compare(b, lowest) > 0) low = real(-3n, -3)
  return around(low, high, zero, scale(largest, -22))
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
