import { type Arithmetic, arithmetics } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import {
  type Dot,
  exactDot,
  maxTerms,
  mayOverflow,
  roundingsOf,
  tolerance,
} from './exactDot.js'
import { anything, bitsOfNumber, interval, keyOf } from './float32.js'
import {
  axisOf,
  floatOf,
  floatOnly,
  floatWord,
  inputOf,
  intOf,
} from './form.js'
import { fieldOf, highest, partOfWords } from './inParts.js'
import { type Loops, loopRanges } from './loops.js'
import {
  type Checker,
  type ElementQuery,
  type Operand,
  type Operator,
  OperatorError,
} from './operator.js'
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
  type Real,
  type Rounding,
  real,
  roundReal,
  scale as scaleReal,
  sqrt,
  sub,
} from './real.js'
import { requireCommitted } from './requireCommitted.js'
import {
  broadcastAt,
  broadcastDims,
  committedAt,
  committedStride,
  coordinatesOf,
} from './shape.js'
import { typeAt } from './typeAt.js'
import { type Floats, finite, floatAt, overflows } from './values.js'

const opcode = 92

/** The reals from `low` to `high`. */
type Span = { low: Real; high: Real }

/** Twin of `contracts/verification/operators/NormalizationChecker.sol`. */
const checker: Checker = {
  opcode,
  class: 'float',

  ranges(query) {
    const at = coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
    const single = (operand: number) => ({
      operand,
      first: broadcastAt(typeAt(query.inputs, operand), at),
      count: 1,
      stride: 1,
    })
    return [
      ...loopRanges(0, rowOf(query, at).row),
      single(1),
      ...(query.inputs[2] === undefined ? [] : [single(2)]),
    ]
  },

  evaluate(query, operands) {
    requireCommitted(operands)
    const [x, scale, bias] = operands as [Operand, Operand, Operand?]
    const sum = exactDot(x.data)
    const squares = exactDot(x.data, x.data)
    // C2
    if (
      sum.poisoned ||
      squares.poisoned ||
      squaresOverflow(squares, query.arithmetic)
    )
      return anything()
    const root = deviationOf(
      sum,
      squares,
      (query.attributes[1] as number) >>> 0,
      query.arithmetic,
    )
    if (root === undefined) return anything()
    // Roundings of WGSL are twice as far.
    const factor = query.arithmetic === arithmetics.wgsl ? 2n : 1n
    const value = normalized(distanceOf(query, x, sum), root, factor)
    return affine(value, scale, bias, factor)
  },

  parts(query) {
    const x = typeAt(query.inputs, 0)
    const first = committedAt(x, coordinatesOf(x.dims, query.element))
    const others = checker.ranges(query).filter(({ operand }) => operand > 0)
    return {
      cut: [0],
      rest: [{ operand: 0, first, count: 1, stride: 1 }, ...others],
      part: partOfWords,
      longest: maxTerms,
      // The highest exponent field.
      hint: (words) => highest(words(0).map(fieldOf)),
    }
  },
}

/**
 * The elements that are normalised together, in the order of commitment, and
 * the position of the one in question.
 */
function rowOf(
  query: ElementQuery,
  at: readonly number[],
): { row: Loops; position: number } {
  const x = typeAt(query.inputs, 0)
  const axis = query.attributes[0] as number
  const axes = x.perm.filter((own) => own >= axis)
  return {
    row: {
      first: committedAt(
        x,
        at.map((index, own) => (own < axis ? index : 0)),
      ),
      loops: axes.map((own) => ({
        count: x.dims[own] as number,
        stride: committedStride(x, own),
      })),
    },
    position: axes.reduce(
      (index, own) => index * (x.dims[own] as number) + (at[own] as number),
      0,
    ),
  }
}

function squaresOverflow(
  squares: Dot,
  arithmetic: Arithmetic | undefined,
): boolean {
  const error = tolerance(
    squares,
    roundingsOf(squares.terms, arithmetic, 8),
    1n,
  )
  return mayOverflow(squares.magnitude + error, squares.exponent)
}

/**
 * `sqrt(variance + epsilon)` as a machine may have it; `undefined` where it may
 * be 0.
 */
function deviationOf(
  sum: Dot,
  squares: Dot,
  epsilon: number,
  arithmetic: Arithmetic | undefined,
): Span | undefined {
  const n = BigInt(sum.terms)
  const roundings = BigInt(roundingsOf(sum.terms, arithmetic, 8))
  const wgsl = arithmetic === arithmetics.wgsl
  const variance = varianceOf(sum, squares)
  // The computed mean is off by at most e, which adds e^2.
  const error = tolerance(sum, roundingsOf(sum.terms, arithmetic, 2), n)
  const e = over(error, sum.exponent, n, 'up')
  const most = add(variance.high, mul(e, e, 'up'), 'up')
  // n + 8 roundings and flushes on the way to the variance.
  const gamma = div(real(roundings), real((1n << 24n) - roundings), 'up')
  const underflow = real(4n * roundings, -126)
  const plus = fromKey(keyOf(epsilon))
  let low = sub(variance.low, mul(variance.low, gamma, 'up'), 'down')
  let high = add(most, mul(most, gamma, 'up'), 'up')
  if (wgsl) ({ low, high } = onePass(sum, squares, e, gamma))
  low = sub(low, underflow, 'down')
  // A mean of squared distances is never negative; a difference of two sums may be.
  if (low.m < 0n && !wgsl) low = real(0n)
  low = add(low, plus, 'down')
  high = add(add(high, underflow, 'up'), plus, 'up')
  // A machine that flushes divides by 0 below 2^-126.
  if (compare(low, real(1n, -125)) < 0) return undefined
  return { low: sqrt(low, 'down'), high: sqrt(high, 'up') }
}

/**
 * The variance as shaders compute it, the mean of squares minus the square of the
 * mean: off by gamma of the mean of squares, and by 2 |m| e + 2 e^2 where the mean m
 * is off by e.
 */
function onePass(sum: Dot, squares: Dot, e: Real, gamma: Real): Span {
  const n = BigInt(sum.terms)
  const size = over(squares.magnitude, squares.exponent, n, 'up')
  const total = sum.sum < 0n ? -sum.sum : sum.sum
  const mean = over(total + sum.dropped, sum.exponent, n, 'up')
  const square = scaleReal(mul(add(mean, e, 'up'), e, 'up'), 1)
  const slack = add(square, mul(size, gamma, 'up'), 'up')
  const { low, high } = varianceOf(sum, squares)
  return { low: sub(low, slack, 'down'), high: add(high, slack, 'up') }
}

/**
 * The variance of the operands, subnormals flushed or not: mean of squares
 * minus square of the mean.
 */
function varianceOf(sum: Dot, squares: Dot): Span {
  const n = BigInt(sum.terms)
  const low = over(sum.sum - sum.dropped, sum.exponent, n, 'down')
  const high = over(sum.sum + sum.dropped, sum.exponent, n, 'up')
  const nearest = low.m > 0n ? low : high.m < 0n ? high : real(0n)
  const farthest = max(abs(low), abs(high))
  const square = (side: bigint, rounding: Rounding) =>
    over(squares.sum + side, squares.exponent, n, rounding)
  const least = sub(
    square(-squares.dropped, 'down'),
    mul(farthest, farthest, 'up'),
    'down',
  )
  return {
    low: least.m < 0n ? real(0n) : least,
    high: sub(
      square(squares.dropped, 'up'),
      mul(nearest, nearest, 'down'),
      'up',
    ),
  }
}

/** The element minus the mean as a machine may have it, before rounding. */
function distanceOf(query: ElementQuery, x: Operand, sum: Dot): Span {
  const at = coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
  const element = floatAt(x, rowOf(query, at).position)
  const n = BigInt(sum.terms)
  const error = tolerance(sum, roundingsOf(sum.terms, query.arithmetic, 2), n)
  const low = over(sum.sum - error, sum.exponent, n, 'down')
  const high = over(sum.sum + error, sum.exponent, n, 'up')
  return {
    low: sub(fromKey(element.low), high, 'down'),
    high: sub(fromKey(element.high), low, 'up'),
  }
}

/**
 * The distance over the deviation, with 16 u for the rounding of the distance,
 * the sum with epsilon, the root, the quotient (or reciprocal) and a product.
 */
function normalized(distance: Span, root: Span, factor: bigint): Span {
  const value = {
    low: div(distance.low, distance.low.m < 0n ? root.low : root.high, 'down'),
    high: div(distance.high, distance.high.m < 0n ? root.high : root.low, 'up'),
  }
  const slack = add(
    mul(magnitudeOf(value), real(16n * factor, -24), 'up'),
    real(2n * factor, -126),
    'up',
  )
  return {
    low: sub(value.low, slack, 'down'),
    high: add(value.high, slack, 'up'),
  }
}

/** Times scale, plus bias. */
function affine(
  normal: Span,
  scaleOperand: Operand,
  biasOperand: Operand | undefined,
  factor: bigint,
): Interval {
  const scale = floatAt(scaleOperand, 0)
  const absent = biasOperand === undefined || biasOperand.data.length === 0
  const bias: Floats = absent
    ? { any: false, low: 0n, high: 0n }
    : floatAt(biasOperand, 0)
  if (!finite(scale) || !finite(bias)) return anything()
  const value = product(normal, spanOf(scale))
  const addend = spanOf(bias)
  const size = add(magnitudeOf(value), magnitudeOf(addend), 'up')
  const slack = add(
    mul(size, real(2n * factor, -24), 'up'),
    real(4n * factor, -126),
    'up',
  )
  // C2
  if (overflows(add(size, slack, 'up'))) return anything()
  const low = sub(add(value.low, addend.low, 'down'), slack, 'down')
  const high = add(add(value.high, addend.high, 'up'), slack, 'up')
  return interval(ceilKey(low), floorKey(high))
}

function spanOf(floats: Floats): Span {
  return { low: fromKey(floats.low), high: fromKey(floats.high) }
}

function product(a: Span, b: Span): Span {
  const all = (rounding: Rounding, choose: (x: Real, y: Real) => Real) =>
    choose(
      choose(mul(a.low, b.low, rounding), mul(a.low, b.high, rounding)),
      choose(mul(a.high, b.low, rounding), mul(a.high, b.high, rounding)),
    )
  return { low: all('down', min), high: all('up', max) }
}

function magnitudeOf(span: Span): Real {
  return max(abs(span.low), abs(span.high))
}

/** `value * 2^exponent / n`. */
function over(
  value: bigint,
  exponent: number,
  n: bigint,
  rounding: Rounding,
): Real {
  return div(roundReal(value, exponent, rounding), real(n), rounding)
}

/** ONNX LayerNormalization with one output, computed in two passes. */
export const layerNormalization: Operator = {
  names: ['LayerNormalization'],
  checker,
  form(node) {
    const x = inputOf(node, 0, floatOnly)
    const axis = axisOf(node, intOf(node, 'axis', -1), x.dims.length)
    const epsilon = floatOf(node, 'epsilon', 1e-5)
    const field = (bitsOfNumber(epsilon) >>> 23) & 255
    if (epsilon < 0 || field === 255 || (field === 0 && epsilon !== 0))
      throw new OperatorError(`LayerNormalization with epsilon ${epsilon}`)
    if (intOf(node, 'stash_type', 1) !== 1)
      throw new OperatorError('LayerNormalization in less than float32')
    if (node.outputs > 1)
      throw new OperatorError('LayerNormalization with mean or deviation')
    const inputs = node.inputs[2] === undefined ? [0, 1] : [0, 1, 2]
    for (const index of inputs.slice(1)) {
      const { dims } = inputOf(node, index, floatOnly)
      const normal = x.dims.slice(axis)
      if (String(broadcastDims([normal, dims])) !== String(normal))
        throw new OperatorError(
          `LayerNormalization: [${dims}] does not broadcast to [${normal}]`,
        )
    }
    return {
      opcode,
      attributes: [axis, floatWord(epsilon)],
      inputs,
      outputs: [{ dtype: x.dtype, dims: x.dims }],
      // B3: the normalised axes last, as they are.
      layouts: [
        x.dims.map((_, own) => own),
        ...inputs.slice(1).map(() => undefined),
        undefined,
      ],
    }
  },
}
