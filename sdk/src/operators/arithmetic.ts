import { arithmetics } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import { greatest, least } from './bigints.js'
import { elementwiseRanges } from './elementwise.js'
import { anything, infinity, interval } from './float32.js'
import type { Checker, ElementQuery, Operand } from './operator.js'
import {
  abs,
  add,
  div,
  fromKey,
  max,
  min,
  mul,
  nearestKey,
  type Real,
  real,
  sub,
  zero,
} from './real.js'
import {
  around,
  type Floats,
  finite,
  floatAt,
  integerAt,
  integerOf,
  integers,
  limits,
  outward,
  overflows,
  point,
  quotientEnds,
  within,
} from './values.js'

// Twin of contracts/verification/operators/ArithmeticChecker.sol.

export const opcodes = {
  add: 20,
  sub: 21,
  mul: 22,
  div: 23,
  neg: 24,
  abs: 25,
  min: 26,
  max: 27,
  sum: 28,
  mean: 29,
  reciprocal: 30,
} as const

/** The checker of an opcode of the arithmetic family. */
export function arithmeticChecker(opcode: number): Checker {
  return {
    opcode,
    class: 'float',
    ranges: elementwiseRanges,
    evaluate(query, operands) {
      const dtype = query.outputs[0]?.dtype as number
      return dtype === 1
        ? onFloats(opcode, operands, query)
        : onIntegers(opcode, dtype, operands)
    },
  }
}

function onFloats(
  opcode: number,
  operands: readonly Operand[],
  { fused = 0, arithmetic }: ElementQuery,
): Interval {
  const wgsl = arithmetic === arithmetics.wgsl
  // Shaders may be compiled not to know NaN and infinity.
  if (wgsl && !operands.every((operand) => finite(floatAt(operand, 0))))
    return anything()
  if (opcode === opcodes.sum) return total(operands, false, fused, wgsl)
  if (opcode === opcodes.mean) return total(operands, true, fused, wgsl)
  const x = floatAt(operands[0] as Operand, 0)
  if (opcode === opcodes.neg)
    return x.any ? anything() : interval(-x.high, -x.low)
  if (opcode === opcodes.abs) return magnitudeOf(x)
  if (opcode === opcodes.min) return extremum(operands, false)
  if (opcode === opcodes.max) return extremum(operands, true)
  if (opcode === opcodes.reciprocal)
    return quotient(point(0x3f800000n), x, wgsl)
  const y = floatAt(operands[1] as Operand, 0)
  if (opcode === opcodes.add) return addition(x, y, fused, wgsl)
  if (opcode === opcodes.sub)
    return addition(x, { any: y.any, low: -y.high, high: -y.low }, fused, wgsl)
  return opcode === opcodes.mul ? product(x, y, wgsl) : quotient(x, y, wgsl)
}

/**
 * Correctly rounded, or as one more term of the sum of `fused` terms behind an
 * operand. C3: IEEE on infinities where no inf - inf occurs. WGSL: either
 * neighbour, anything where that may overflow.
 */
function addition(
  x: Floats,
  y: Floats,
  fused: number,
  wgsl: boolean,
): Interval {
  if (x.any || y.any) return anything()
  const cancels =
    (x.high === infinity && y.low === -infinity) ||
    (x.low === -infinity && y.high === infinity)
  if (cancels) return anything()
  if (fused > 0 && finite(x) && finite(y)) {
    const [a, b] = [fromKey(x.low), fromKey(x.high)]
    const [c, d] = [fromKey(y.low), fromKey(y.high)]
    const size = add(max(abs(a), abs(b)), max(abs(c), abs(d)), 'up')
    const [low, high] = [add(a, c, 'down'), add(b, d, 'up')]
    const room = fusedSlack(size, sub(high, low, 'up'), fused, wgsl)
    return within(sub(low, room, 'down'), add(high, room, 'up'))
  }
  if (wgsl)
    return outward(
      add(fromKey(x.low), fromKey(y.low), 'down'),
      add(fromKey(x.high), fromKey(y.high), 'up'),
    )
  return interval(sum(x.low, y.low), sum(x.high, y.high))
}

function sum(x: bigint, y: bigint): bigint {
  if (x === infinity || x === -infinity) return x
  if (y === infinity || y === -infinity) return y
  return nearestKey(add(fromKey(x), fromKey(y), 'odd'))
}

/**
 * What a machine may be off by that adds to an accumulator of `terms` terms
 * instead of to their rounded sum (docs/operators.md, "Derived operands"):
 * gamma(terms + 8) of the magnitudes, and for the terms of the sum itself one
 * part in `terms` of the width; both twice for WGSL.
 */
function fusedSlack(
  size: Real,
  width: Real,
  terms: number,
  wgsl: boolean,
): Real {
  const n = BigInt(terms)
  const factor = wgsl ? 2n : 1n
  const part = div(mul(width, real(factor), 'up'), real(n), 'up')
  const more = 8n * factor
  const gamma = div(real(n + more), real((1n << 24n) - n - more), 'up')
  return add(add(mul(size, gamma, 'up'), part, 'up'), real(more, -126), 'up')
}

/** Correctly rounded, in WGSL to either neighbour; C2 applies. */
function product(x: Floats, y: Floats, wgsl: boolean): Interval {
  if (!finite(x) || !finite(y)) return anything()
  const [a, b] = [fromKey(x.low), fromKey(x.high)]
  const [c, d] = [fromKey(y.low), fromKey(y.high)]
  // 48 bits: exact in any rounding.
  const corners = [
    mul(a, c, 'odd'),
    mul(a, d, 'odd'),
    mul(b, c, 'odd'),
    mul(b, d, 'odd'),
  ]
  const low = corners.reduce(min)
  const high = corners.reduce(max)
  if (wgsl) return outward(low, high)
  if (overflows(low) || overflows(high)) return anything()
  return interval(nearestKey(low), nearestKey(high))
}

/** 2 ulp, in WGSL 2.5, and 2^-126 around the exact quotient. */
function quotient(x: Floats, y: Floats, wgsl: boolean): Interval {
  const ends = quotientEnds(x, y)
  if (ends === undefined) return anything()
  const relative = wgsl ? real(5n, -24) : real(1n, -22)
  return around(ends.low, ends.high, relative, zero)
}

function magnitudeOf(x: Floats): Interval {
  if (x.any) return anything()
  if (x.low >= 0n) return interval(x.low, x.high)
  if (x.high <= 0n) return interval(-x.high, -x.low)
  return interval(0n, greatest(-x.low, x.high))
}

/** C3: exact on infinities. C4: a NaN accepts anything. */
function extremum(operands: readonly Operand[], largest: boolean): Interval {
  let { low, high } = floatAt(operands[0] as Operand, 0)
  for (const operand of operands) {
    const x = floatAt(operand, 0)
    if (x.any) return anything()
    if (largest ? x.low > low : x.low < low) low = x.low
    if (largest ? x.high > high : x.high < high) high = x.high
  }
  return interval(low, high)
}

/**
 * Any order of additions: gamma_n times the sum of magnitudes; the mean's
 * division adds 2 ulp. Twice all of that for WGSL.
 */
function total(
  operands: readonly Operand[],
  mean: boolean,
  fused: number,
  wgsl: boolean,
): Interval {
  let low: Real = zero
  let high: Real = zero
  let magnitudes: Real = zero
  for (const operand of operands) {
    const x = floatAt(operand, 0)
    if (!finite(x)) return anything()
    const [a, b] = [fromKey(x.low), fromKey(x.high)]
    low = add(low, a, 'down')
    high = add(high, b, 'up')
    magnitudes = add(magnitudes, max(abs(a), abs(b)), 'up')
  }
  if (overflows(magnitudes)) return anything()
  const n = BigInt(operands.length)
  // n u / (1 - n u) <= 2 n u for n <= 255.
  const roundings = wgsl ? 2n * n : n
  let absolute = add(
    mul(magnitudes, real(roundings, -23), 'up'),
    real(roundings, -126),
    'up',
  )
  if (fused > 0)
    absolute = add(
      absolute,
      fusedSlack(magnitudes, sub(high, low, 'up'), fused, wgsl),
      'up',
    )
  if (!mean) return around(low, high, zero, absolute)
  const divisor = real(n)
  return around(
    div(low, divisor, 'down'),
    div(high, divisor, 'up'),
    real(1n, wgsl ? -21 : -22),
    div(absolute, divisor, 'up'),
  )
}

/**
 * C4: integers wrap, quotients are truncated. An interval whose image may wrap
 * accepts anything.
 */
function onIntegers(
  opcode: number,
  dtype: number,
  operands: readonly Operand[],
): Interval {
  const first = integerAt(operands[0] as Operand, 0, dtype)
  if (first === undefined) return anything()
  let { low, high } = first
  const extreme = opcode === opcodes.min || opcode === opcodes.max
  if (extreme && beyondWord(first)) return anything()
  if (opcode === opcodes.neg) return wrapped(-high, -low, dtype)
  if (opcode === opcodes.abs) {
    if (low < 0n && high > 0n) {
      high = greatest(-low, high)
      low = 0n
    } else if (low < 0n) [low, high] = [-high, -low]
    return wrapped(low, high, dtype)
  }
  for (const operand of operands.slice(1)) {
    const other = integerAt(operand, 0, dtype)
    if (other === undefined || (extreme && beyondWord(other))) return anything()
    const { low: c, high: d } = other
    if (opcode === opcodes.add) [low, high] = [low + c, high + d]
    else if (opcode === opcodes.sub) [low, high] = [low - d, high - c]
    else if (opcode === opcodes.mul || opcode === opcodes.div) {
      // C5: admission refuses a divisor of 0, so no such result is the provider's.
      if (opcode === opcodes.div && c <= 0n && d >= 0n) return anything()
      const corners =
        opcode === opcodes.mul
          ? [low * c, low * d, high * c, high * d]
          : [low / c, low / d, high / c, high / d]
      low = corners.reduce(least)
      high = corners.reduce(greatest)
    } else if (opcode === opcodes.min)
      [low, high] = [least(c, low), least(d, high)]
    else if (opcode === opcodes.max)
      [low, high] = [greatest(c, low), greatest(d, high)]
    else throw new RangeError(`opcode ${opcode} is not served on integers`)
  }
  return wrapped(low, high, dtype)
}

/**
 * Vectorised kernels compare the halves of int64 words, and are wrong beyond 32
 * bits.
 */
function beyondWord({ low, high }: { low: bigint; high: bigint }): boolean {
  return low < -(2n ** 31n) || high >= 2n ** 31n
}

function wrapped(low: bigint, high: bigint, dtype: number): Interval {
  const { low: least, high: greatest } = limits(dtype)
  if (low >= least && high <= greatest) return integers(low, high)
  if (low !== high) return anything()
  const value = integerOf(low, dtype)
  return integers(value, value)
}
