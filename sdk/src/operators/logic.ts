import { arithmetics } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import { dtypes } from '../types/tensorType.js'
import { elementwiseRanges } from './elementwise.js'
import { anything, ceil, floor, interval, nearest } from './float32.js'
import { halfAt, halfInterval, halfOutward } from './half.js'
import type { Checker, Operand } from './operator.js'
import { fromKey, toFixed } from './real.js'
import {
  finite,
  floatAt,
  integerAt,
  integerOf,
  integers,
  limits,
  moved,
} from './values.js'

// Twin of contracts/verification/operators/LogicChecker.sol.

export const opcodes = {
  where: 11,
  cast: 12,
  isSpecial: 16,
  not: 51,
  and: 52,
  or: 53,
  xor: 54,
  equal: 55,
  greater: 56,
  greaterOrEqual: 57,
  less: 58,
  lessOrEqual: 59,
} as const

/** The values that an element may have, as keys or as numbers; `undefined`: nothing is known. */
type Span = { low: bigint; high: bigint } | undefined

/** The checker of an opcode of the logic family. */
export function logicChecker(opcode: number): Checker {
  return {
    opcode,
    class: 'exact',
    ranges: elementwiseRanges,
    evaluate(query, operands) {
      const from = query.inputs[0]?.dtype as number
      const to = query.outputs[0]?.dtype as number
      const wgsl = query.arithmetic === arithmetics.wgsl
      const x = spanOf(operands[0] as Operand, from, wgsl)
      if (opcode === opcodes.where) return chosen(x, operands, to, wgsl)
      if (x === undefined) return anything()
      if (opcode === opcodes.cast) return converted(x, from, to, wgsl)
      if (opcode === opcodes.isSpecial) return special(x)
      if (opcode === opcodes.not) return integers(1n - x.high, 1n - x.low)
      const y = spanOf(operands[1] as Operand, from, wgsl)
      if (y === undefined) return anything()
      return opcode <= opcodes.xor
        ? connected(opcode, x, y)
        : compared(opcode, x, y)
    },
  }
}

function isFloat(dtype: number): boolean {
  return dtype === dtypes.float32 || dtype === dtypes.float16
}

/**
 * C2: nothing is known of a NaN. C4: nor of a bool byte above 1. Nor, in WGSL, of
 * infinity.
 */
function spanOf(operand: Operand, dtype: number, wgsl: boolean): Span {
  if (!isFloat(dtype)) return integerAt(operand, 0, dtype)
  const x = dtype === dtypes.float32 ? floatAt(operand, 0) : halfAt(operand, 0)
  return x.any || (wgsl && !finite(x)) ? undefined : x
}

/**
 * C3: Where moves the chosen operand, but kernels that blend by value
 * (`x != 0 ? x : y`) lose the sign of a zero, and flush: floats are compared as
 * numbers (C0, C1).
 */
function chosen(
  condition: Span,
  operands: readonly Operand[],
  dtype: number,
  wgsl: boolean,
): Interval {
  if (condition === undefined || condition.low !== condition.high)
    return anything()
  const source = operands[condition.low !== 0n ? 1 : 2] as Operand
  const set = moved(source, 0, dtype)
  if (dtype !== dtypes.float32) return set
  const x = floatAt(source, 0)
  if (wgsl && !finite(x)) return anything()
  if (set.kind !== 'bits') return set
  return x.any ? set : interval(x.low, x.high)
}

/**
 * C2: a kernel may be compiled not to know NaN and infinity at all, but it never
 * takes a finite number for one.
 */
function special({ low, high }: NonNullable<Span>): Interval {
  return finite({ any: false, low, high }) ? integers(0n, 0n) : anything()
}

/** And, Or and Xor of bools. */
function connected(
  opcode: number,
  x: NonNullable<Span>,
  y: NonNullable<Span>,
): Interval {
  if (opcode === opcodes.and) return integers(x.low & y.low, x.high & y.high)
  if (opcode === opcodes.or) return integers(x.low | y.low, x.high | y.high)
  if (x.low !== x.high || y.low !== y.high) return integers(0n, 1n)
  return integers(x.low ^ y.low, x.low ^ y.low)
}

function compared(
  opcode: number,
  first: NonNullable<Span>,
  second: NonNullable<Span>,
): Interval {
  if (opcode === opcodes.equal) {
    if (first.high < second.low || second.high < first.low)
      return integers(0n, 0n)
    const points = first.low === first.high && second.low === second.high
    return integers(points ? 1n : 0n, 1n)
  }
  const swapped = opcode === opcodes.less || opcode === opcodes.lessOrEqual
  const [x, y] = swapped ? [second, first] : [first, second]
  // x > y, or x >= y: certain, possible.
  const strict = opcode === opcodes.greater || opcode === opcodes.less
  const certain = strict ? x.low > y.high : x.low >= y.high
  const possible = strict ? x.high > y.low : x.high >= y.low
  return integers(certain ? 1n : 0n, possible ? 1n : 0n)
}

/**
 * C4: to an integer, truncated when in range, else anything; integers wrap; to
 * float, to nearest (in WGSL to either neighbour); to bool, x != 0.
 */
function converted(
  x: NonNullable<Span>,
  from: number,
  to: number,
  wgsl: boolean,
): Interval {
  if (to === dtypes.bool) {
    const certain = x.low > 0n || x.high < 0n
    const possible = x.low !== 0n || x.high !== 0n
    return integers(certain ? 1n : 0n, possible ? 1n : 0n)
  }
  if (isFloat(to)) {
    // An integer that float32 rounds is above all float16: infinite either way.
    const [from32, to32] = isFloat(from)
      ? [x.low, x.high]
      : wgsl
        ? [floor(x.low, 0), ceil(x.high, 0)]
        : [nearest(x.low, 0), nearest(x.high, 0)]
    if (to === dtypes.float32) return interval(from32, to32)
    return wgsl ? halfOutward(from32, to32) : halfInterval(from32, to32)
  }
  const { low: least, high: greatest } = limits(to)
  let { low, high } = x
  if (isFloat(from)) {
    if (!finite({ any: false, low, high })) return anything()
    low = truncated(low)
    high = truncated(high)
    if (low < least || high > greatest) return anything()
  }
  if (low >= least && high <= greatest) return integers(low, high)
  if (low !== high) return anything()
  const value = integerOf(low, to)
  return integers(value, value)
}

/** A finite key as a whole number, towards 0. */
function truncated(key: bigint): bigint {
  const x = fromKey(key)
  return toFixed(x, 0, x.m < 0n ? 'up' : 'down')
}
