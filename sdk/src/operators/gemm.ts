import type { Arithmetic } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import {
  type Dot,
  dotInterval,
  exactDot,
  mayOverflow,
  roundingsOf,
  tolerance,
} from './exactDot.js'
import {
  anything,
  bitsAt,
  bitsOfNumber,
  interval,
  isFiniteBits,
  keyOf,
  one,
} from './float32.js'
import { floatOf, floatOnly, floatWord, inputOf, intOf } from './form.js'
import { productInParts } from './inParts.js'
import { lineRanges } from './matMul.js'
import {
  type Checker,
  type ElementQuery,
  type Operand,
  type Operator,
  OperatorError,
  type OperatorNode,
} from './operator.js'
import { concatBytes, onesOf } from './packed.js'
import {
  abs,
  add,
  ceilKey,
  floorKey,
  fromKey,
  mul,
  type Real,
  real,
  roundReal,
  sub,
} from './real.js'
import { requireCommitted } from './requireCommitted.js'
import { broadcastAt, broadcastDims, coordinatesOf } from './shape.js'
import { typeAt } from './typeAt.js'
import { overflows } from './values.js'

const opcode = 61

/** Twin of `contracts/verification/operators/MatMulChecker.sol`. */
const checker: Checker = {
  opcode,
  class: 'float',

  ranges(query) {
    const at = coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
    const [row, column] = at as [number, number]
    const [transA, transB] = query.attributes as [number, number]
    const ranges = [
      ...lineRanges(
        0,
        typeAt(query.inputs, 0),
        transA ? [0, row] : [row, 0],
        1 - transA,
      ),
      ...lineRanges(
        1,
        typeAt(query.inputs, 1),
        transB ? [column, 0] : [0, column],
        transB,
      ),
    ]
    const c = query.inputs[2]
    if (c !== undefined)
      ranges.push({
        operand: 2,
        first: broadcastAt(c, at),
        count: 1,
        stride: 1,
      })
    return ranges
  },

  evaluate(query, operands) {
    requireCommitted(operands)
    const [a, b, third] = operands as [Operand, Operand, Operand?]
    const { alpha, beta } = factorsOf(query)
    const c = third?.data ?? new Uint8Array()
    if (isAffine(query))
      return affineInterval(
        exactDot(a.data, b.data),
        alpha,
        beta,
        c,
        query.arithmetic,
      )
    if (c.length === 0)
      return dotInterval(exactDot(a.data, b.data), query.arithmetic)
    // C is one more term, times 1.
    return dotInterval(
      exactDot(concatBytes(a.data, c), concatBytes(b.data, onesOf(1))),
      query.arithmetic,
    )
  },

  parts(query) {
    const rule = productInParts(checker.ranges(query))
    if (!isAffine(query)) return rule
    // C is no term.
    return {
      ...rule,
      hint: (words) =>
        rule.hint((operand) => (operand < 2 ? words(operand) : [])),
    }
  },
}

function factorsOf({ attributes }: ElementQuery) {
  const [, , alpha = 0, beta = 0] = attributes
  return { alpha: alpha >>> 0, beta: beta >>> 0 }
}

/** Whether alpha or beta scale anything; otherwise C is one more term. */
function isAffine(query: ElementQuery): boolean {
  const { alpha, beta } = factorsOf(query)
  return alpha !== one || (query.inputs[2] !== undefined && beta !== one)
}

/** A real interval, and the largest magnitude on the way to it. */
type Ends = { low: Real; high: Real; magnitude: Real }

/**
 * alpha times a dot product, plus beta times C (which may be absent): at most
 * four more roundings a term.
 */
function affineInterval(
  dot: Dot,
  alpha: number,
  beta: number,
  c: Uint8Array,
  arithmetic: Arithmetic | undefined,
): Interval {
  // C2
  if (dot.poisoned) return anything()
  const roundings = roundingsOf(dot.terms, arithmetic, 4)
  const error = tolerance(dot, roundings, 1n)
  if (mayOverflow(dot.magnitude + error, dot.exponent)) return anything()
  let { low, high, magnitude } = scaled(dot, error, alpha)
  if (c.length !== 0) {
    const bits = bitsAt(c, 0)
    if (!isFiniteBits(bits)) return anything()
    const addend = product(beta, bits, BigInt(roundings))
    low = add(low, addend.low, 'down')
    high = add(high, addend.high, 'up')
    magnitude = add(magnitude, addend.magnitude, 'up')
  }
  // Both scalings and the additions may flush.
  const underflow = real(BigInt(4 * roundings), -126)
  low = sub(low, underflow, 'down')
  high = add(high, underflow, 'up')
  // C2
  if (overflows(add(magnitude, underflow, 'up'))) return anything()
  return interval(ceilKey(low), floorKey(high))
}

/** alpha times a dot product and its tolerance. */
function scaled(dot: Dot, error: bigint, alpha: number): Ends {
  const factor = fromKey(keyOf(alpha))
  const flip = factor.m < 0n
  const size = abs(factor)
  const low = flip ? -dot.sum - error : dot.sum - error
  const high = flip ? error - dot.sum : dot.sum + error
  const times = (m: bigint, rounding: 'down' | 'up') =>
    mul(roundReal(m, dot.exponent, rounding), size, rounding)
  return {
    low: times(low, 'down'),
    high: times(high, 'up'),
    magnitude: times(dot.magnitude + error, 'up'),
  }
}

/** A product of two floats with its relative error. */
function product(a: number, b: number, roundings: bigint): Ends {
  const { m, e } = mul(fromKey(keyOf(a)), fromKey(keyOf(b)), 'down')
  const size = m < 0n ? -m : m
  const denominator = (1n << 24n) - roundings
  let error = (roundings * size + denominator - 1n) / denominator
  // C0: a subnormal operand stands for hull(0, x).
  if ((b & 0x7f800000) === 0) error += size
  return {
    low: real(m - error, e),
    high: real(m + error, e),
    magnitude: real(size + error, e),
  }
}

/** ONNX Gemm: alpha A B + beta C with optional transposes. */
export const gemm: Operator = {
  names: ['Gemm'],
  checker,
  form(node) {
    const a = inputOf(node, 0, floatOnly)
    const b = inputOf(node, 1, floatOnly)
    const transA = intOf(node, 'transA', 0) === 0 ? 0 : 1
    const transB = intOf(node, 'transB', 0) === 0 ? 0 : 1
    const alpha = factorOf(node, 'alpha')
    const beta = factorOf(node, 'beta')
    if (alpha === 0) throw new OperatorError('Gemm with alpha 0')
    if (
      a.dims.length !== 2 ||
      b.dims.length !== 2 ||
      a.dims[1 - transA] !== b.dims[transB]
    )
      throw new OperatorError(`Gemm of shapes [${a.dims}] and [${b.dims}]`)
    const dims = [a.dims[transA] as number, b.dims[1 - transB] as number]
    // With beta 0 runtimes do not read C.
    const inputs =
      node.inputs[2] === undefined || beta === 0 ? [0, 1] : [0, 1, 2]
    if (inputs.length === 3) {
      const c = inputOf(node, 2, floatOnly).dims
      if (String(broadcastDims([dims, c])) !== String(dims))
        throw new OperatorError(`Gemm: C of shape [${c}] for [${dims}]`)
    }
    return {
      opcode,
      attributes: [transA, transB, floatWord(alpha), floatWord(beta)],
      inputs,
      outputs: [{ dtype: a.dtype, dims }],
      // B3: the reduced axis last.
      layouts: [
        transA === 0 ? [0, 1] : [1, 0],
        transB === 1 ? [0, 1] : [1, 0],
        ...inputs.slice(2).map(() => undefined),
        undefined,
      ],
    }
  },
}

/** alpha or beta; neither infinite, NaN nor subnormal. */
function factorOf(node: OperatorNode, name: string): number {
  const value = floatOf(node, name, 1)
  const field = (bitsOfNumber(value) >>> 23) & 255
  if (field === 255 || (field === 0 && value !== 0))
    throw new OperatorError(`Gemm with ${name} ${value}`)
  return value
}
