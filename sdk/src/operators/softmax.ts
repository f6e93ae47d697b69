import { arithmetics } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import { anything, bitsAt, interval, keyOf } from './float32.js'
import { axisOf, floatOnly, inputOf, intOf } from './form.js'
import { exp } from './functions.js'
import { partOfWords } from './inParts.js'
import {
  type Checker,
  type ElementQuery,
  type Operator,
  OperatorError,
} from './operator.js'
import {
  add,
  div,
  fromKey,
  mul,
  type Real,
  real,
  scale,
  sub,
  zero,
} from './real.js'
import {
  committedAt,
  committedStride,
  coordinatesOf,
  countOf,
} from './shape.js'
import { around } from './values.js'

// Twin of contracts/verification/operators/SoftmaxChecker.sol.

const opcode = 90
const longest = 1 << 16
/** Exponent field of 2^63. */
const wgslLimit = 190

/** 64 fractional bits. */
const ln2 = 12786308645202655660n
const inverseLn2 = 26613026195688644983n
const unit = 1n << 64n
/** 1 / n! for n = 9 down to 0, 64 fractional bits. */
const coefficients = [
  50834281508238n,
  457508533574145n,
  3660068268593165n,
  25620477880152155n,
  153722867280912930n,
  768614336404564650n,
  3074457345618258602n,
  9223372036854775808n,
  unit,
  unit,
]

const checker: Checker = {
  opcode,
  class: 'float',
  ranges(query) {
    const { axis, count, at, input } = rowOf(query)
    at[axis] = 0
    return [
      {
        operand: 0,
        first: committedAt(input, at),
        count,
        stride: committedStride(input, axis),
      },
    ]
  },
  evaluate(query, operands) {
    const { axis, count, at } = rowOf(query)
    const data = operands[0]?.data
    // B5: no derived value feeds a reduction.
    if (data?.length !== 4 * count || count > longest)
      throw new RangeError('Softmax reads a committed row')
    if (query.arithmetic === arithmetics.wgsl && reaches(data, wgslLimit))
      return anything()
    const row = added(data)
    // C3: all-masked, +infinity or NaN rows accept anything.
    if (row === undefined) return anything()
    const bits = bitsAt(data, at[axis] as number)
    // C3: 0 for -infinity.
    if (bits === 0xff800000) return interval(0n, 0n)
    return ratio(query, fromKey(keyOf(bits)), row, count)
  },
  parts(query) {
    const { at, input } = rowOf(query)
    return {
      cut: [0],
      rest: [
        { operand: 0, first: committedAt(input, at), count: 1, stride: 1 },
      ],
      part: partOfWords,
      longest,
      // Bits of the maximum.
      hint: (words) =>
        BigInt(words(0).reduce((a, b) => (rank(b) > rank(a) ? b : a))),
    }
  },
}

/** Float32 words in their order, as unsigned numbers. */
function rank(word: number): number {
  return word >>> 31 === 0 ? (word ^ 0x80000000) >>> 0 : ~word >>> 0
}

/** ONNX Softmax over one axis of at most 65,536 elements. */
export const softmax: Operator = {
  names: ['Softmax'],
  checker,
  form(node) {
    const { dtype, dims } = inputOf(node, 0, floatOnly)
    const given = intOf(node, 'axis', node.opset < 13 ? 1 : -1)
    const axis = axisOf(node, given, dims.length)
    // Up to opset 12 all axes from this one on are one.
    if (node.opset < 13 && countOf(dims.slice(axis + 1)) !== 1)
      throw new OperatorError(
        `Softmax of opset ${node.opset} runs over axes ${axis} to ${dims.length - 1} of [${dims}]`,
      )
    if ((dims[axis] as number) > longest)
      throw new OperatorError(
        `Softmax over ${dims[axis]} elements does not fit one proof`,
      )
    const others = dims.map((_, k) => k).filter((k) => k !== axis)
    return {
      opcode,
      attributes: [axis],
      inputs: [0],
      outputs: [{ dtype, dims }],
      layouts: [[...others, axis], undefined],
    }
  },
}

function rowOf(query: ElementQuery) {
  const axis = query.attributes[0] as number
  const [input] = query.inputs
  const [output] = query.outputs
  if (input === undefined || output === undefined)
    throw new RangeError('Softmax has an input and an output')
  const count = output.dims[axis] as number
  return { axis, count, at: coordinatesOf(output.dims, query.element), input }
}

/** 64 fractional bits: d = max - x, e = exp(-d). */
type Row = {
  /** Sum of e. */
  sum: bigint
  /** Sum of e d. */
  weighted: bigint
  /** Bits of max. */
  largest: number
}

/**
 * WGSL: whether an element is at least 2^(field - 127), infinite or NaN. Below, no
 * difference overflows, and what exp is off by of an argument far below 0 does not
 * count.
 */
function reaches(data: Uint8Array, field: number): boolean {
  for (let i = 0; i < data.length / 4; i++)
    if (((bitsAt(data, i) >>> 23) & 255) >= field) return true
  return false
}

/**
 * e / sum with a relative error of u (2 |d| + 2 sum(e |d|) / sum(e) + n + 24):
 * the subtraction and the argument reduction of each exp, n additions, 4 ulp
 * twice for exp, the division.
 */
function ratio(
  query: ElementQuery,
  x: Real,
  row: Row,
  count: number,
): Interval {
  const most = fromKey(keyOf(row.largest))
  // The row's own truncation: relative 2^-35.
  const sum = real(row.sum, -64)
  const error = scale(sum, -35)
  const low = div(exp(sub(x, most, 'down')).low, add(sum, error, 'up'), 'down')
  const high = div(exp(sub(x, most, 'up')).high, sub(sum, error, 'down'), 'up')
  const d = sub(most, x, 'up')
  const distances = add(div(real(row.weighted, -64), sum, 'up'), d, 'up')
  if (query.arithmetic === arithmetics.wgsl) {
    // 6 |d| + 6 sum(e |d|) / sum(e) + 2 n + 24: 3 + 2 |d| ulp for each exp, all
    // roundings twice; 65/64 for the squares of relative errors below 2^-6. Where e
    // is no normal number, as many ulp of the least one.
    const units = add(
      mul(distances, real(6n), 'up'),
      real(BigInt(2 * count + 24)),
      'up',
    )
    const absolute = scale(add(scale(d, 1), real(4n), 'up'), -126)
    return around(low, high, mul(units, real(65n, -30), 'up'), absolute)
  }
  const units = add(scale(distances, 1), real(BigInt(count + 24)), 'up')
  // 257/256 for the squares of relative errors below 2^-8.
  return around(low, high, mul(units, real(257n, -32), 'up'), zero)
}

/** Sums of a row; `undefined` where it accepts anything. */
function added(data: Uint8Array): Row | undefined {
  const count = data.length / 4
  let largest = 0
  for (let i = 0; i < count; i++) {
    const bits = bitsAt(data, i)
    // NaN or +infinity
    if ((bits & 0x7fffffff) > 0x7f800000 || bits === 0x7f800000)
      return undefined
    // Order of float32 as unsigned integers.
    const order = bits >>> 31 === 0 ? (bits | 0x80000000) >>> 0 : ~bits >>> 0
    largest = Math.max(largest, order)
  }
  largest = largest >>> 31 === 0 ? ~largest >>> 0 : (largest ^ 0x80000000) >>> 0
  if (largest === 0xff800000) return undefined
  const top = fixedOf(largest)
  let sum = 0n
  let weighted = 0n
  for (let i = 0; i < count; i++) {
    const bits = bitsAt(data, i)
    if (bits === 0xff800000) continue
    const d = top - fixedOf(bits)
    // e^-40 < 2^-57: all such terms together are below 2^-41.
    if (d >= 40n << 64n) continue
    const k = (d * inverseLn2 + (1n << 127n)) >> 128n
    // e^-d = 2^-k e^r, |r| <= (ln 2) / 2; 10 terms: 0.3466^10 / 10! < 2^-37.
    const r = k * ln2 - d
    let y = 0n
    for (const coefficient of coefficients) y = coefficient + ((y * r) >> 64n)
    y >>= k
    sum += y
    weighted += (y * d) >> 64n
  }
  return { sum, weighted, largest }
}

/** A finite float32 with 64 fractional bits, cut off towards 0. */
function fixedOf(bits: number): bigint {
  const field = (bits >>> 23) & 0xff
  const m = BigInt((bits & 0x7fffff) | 0x800000)
  const magnitude =
    field >= 86 ? m << BigInt(field - 86) : m >> BigInt(86 - field)
  return bits >>> 31 === 0 ? magnitude : -magnitude
}
