import type { Interval } from '../types/interval.js'
import { dtypes, type TensorType } from '../types/tensorType.js'
import { greatest, least } from './bigints.js'
import { anything, infinity, minNormal } from './float32.js'
import { floatOnly, inputOf } from './form.js'
import { unhinted } from './inParts.js'
import {
  type ElementQuery,
  type InputType,
  type Operand,
  OperatorError,
  type OperatorNode,
  type PartialRule,
  type Range,
} from './operator.js'
import { quantized } from './quantization.js'
import { abs, compare, div, fromKey, mul, type Real, real } from './real.js'
import { requireCommitted } from './requireCommitted.js'
import { countOf } from './shape.js'
import { typeAt } from './typeAt.js'
import { floatAt, integerAt, integerOf, integers, limits } from './values.js'

// Sums of products of 8-bit integers: what MatMulInteger, ConvInteger,
// QLinearMatMul and QLinearConv share. Twin of
// contracts/verification/operators/IntegerProductChecker.sol.

type Dtype = TensorType['dtype']

/** The element types of products. */
export const byteTypes: readonly Dtype[] = [dtypes.uint8, dtypes.int8]

/** The one element of an operand at a committed index; nothing where it is absent. */
export function entryAt(
  query: ElementQuery,
  operand: number,
  index: number,
): Range[] {
  const type = query.inputs[operand]
  if (type === undefined) return []
  const first = countOf(type.dims) === 1 ? 0 : index
  return [{ operand, first, count: 1, stride: 1 }]
}

/** `sum of (a - zero of a)(b - zero of b)`, exactly. */
export function integerDot(
  query: ElementQuery,
  operands: readonly Operand[],
  [a, b, aZero, bZero]: readonly [number, number, number, number],
): bigint {
  requireCommitted(operands)
  const left = operands[a] as Operand
  const right = operands[b] as Operand
  const count = left.data.length
  if (count === 0 || right.data.length !== count)
    throw new OperatorError(
      `operands of ${count} and ${right.data.length} bytes`,
    )
  const [p, q] = [typeAt(query.inputs, a).dtype, typeAt(query.inputs, b).dtype]
  const offsetA = zeroOf(query, operands, aZero)
  const offsetB = zeroOf(query, operands, bZero)
  let sum = 0n
  for (let i = 0; i < count; i++)
    sum +=
      (integerOf(BigInt(left.data[i] as number), p) - offsetA) *
      (integerOf(BigInt(right.data[i] as number), q) - offsetB)
  return sum
}

/** Products of operands 0 and `second`; the rest of `ranges` comes with the verdict. */
export function integersInParts(
  second: number,
  ranges: readonly Range[],
): PartialRule {
  const cut = [0, second]
  return {
    ...unhinted,
    cut,
    rest: ranges.filter(({ operand }) => !cut.includes(operand)),
    // Terms of two bytes, at some 60 gas.
    part: 32_768,
  }
}

/** The zero point that a query reads; 0 where it is absent. */
function zeroOf(
  query: ElementQuery,
  operands: readonly Operand[],
  index: number,
): bigint {
  const type = query.inputs[index]
  if (type === undefined) return 0n
  const value = integerAt(operands[index] as Operand, 0, type.dtype)
  return value?.low ?? 0n
}

/** C4: integers wrap. */
export function wrappedWord(sum: bigint): Interval {
  const value = integerOf(sum, dtypes.int32)
  return integers(value, value)
}

/**
 * A sum of products times `scales[0] scales[1] / scales[2]`, rounded, with the
 * zero point of the result (C4).
 */
export function requantized(
  query: ElementQuery,
  operands: readonly Operand[],
  sum: bigint,
  scales: readonly [number, number, number],
  zeroIndex: number,
): Interval {
  const { dtype } = typeAt(query.outputs, 0)
  // C4: admission refuses sums that may leave int32.
  const range = limits(dtypes.int32)
  if (sum < range.low || sum > range.high) return anything()
  const [x, w, y] = scales.map((index) =>
    scaleAt(operands[index] as Operand),
  ) as [Real?, Real?, Real?]
  if (x === undefined || w === undefined || y === undefined) return anything()
  const product = mul(x, w, 'odd')
  const factor = div(product, y, 'odd')
  // A factor that may have been flushed, or is beyond float32, says nothing.
  if (!isOrdinary(product) || !isOrdinary(factor)) return anything()
  const total = mul(product, real(sum), 'odd')
  const zero = zeroOf(query, operands, zeroIndex)
  return quantized(
    div(total, y, 'down'),
    div(total, y, 'up'),
    { low: zero, high: zero },
    dtype,
  )
}

/** A scale; `undefined` where it is 0, subnormal, infinite or NaN. */
function scaleAt(operand: Operand): Real | undefined {
  const { any, low, high } = floatAt(operand, 0)
  if (any || low !== high) return undefined
  if (greatest(low, -low) < minNormal || greatest(low, -low) >= infinity)
    return undefined
  return fromKey(least(low, high))
}

/** From 2^-126 to below 2^95, so that no sum within int32 reaches 2^127. */
function isOrdinary(factor: Real): boolean {
  const size = abs(factor)
  return compare(size, real(1n, -126)) >= 0 && compare(size, real(1n, 95)) < 0
}

/**
 * Refuses products that saturate on x86 CPUs without VNNI, which multiply uint8
 * by int8 in pairs of 16 bits: the signed side must be constant within 7 bits.
 */
export function requireUnsaturated(
  node: OperatorNode,
  a: InputType,
  b: InputType,
): void {
  if (a.dtype === b.dtype) return
  const refusal = `${node.operator} of ${nameOf(a)} and ${nameOf(b)} saturates on common CPUs`
  if (a.dtype === dtypes.int8)
    throw new OperatorError(
      `${refusal}: quantise both operands to int8 or both to uint8`,
    )
  const weights = b.constant
  if (weights === undefined)
    throw new OperatorError(
      `${refusal}, and the int8 operand is no constant: quantise both operands to one type`,
    )
  // 255 (64 + 64) < 2^15
  if (
    Array.from<number | bigint, number>(weights, Number).some(
      (value) => Math.abs(value) > 64,
    )
  )
    throw new OperatorError(
      `${refusal} outside 7 bits: quantise the weights to -64..64 (reduce_range), or both operands to one type`,
    )
}

function nameOf({ dtype }: InputType): string {
  return dtype === dtypes.int8 ? 'int8' : 'uint8'
}

/** C4: refuses sums that may leave int32, for `terms` products and constant `bias`. */
export function requireNoOverflow(
  node: OperatorNode,
  terms: number,
  bias: InputType | undefined,
): void {
  if (bias !== undefined && bias.constant === undefined)
    throw new OperatorError(`${node.operator}: the bias must be a constant`)
  const largest = Array.from<number | bigint, number>(
    bias?.constant ?? [],
    (value) => Math.abs(Number(value)),
  ).reduce((a, b) => Math.max(a, b), 0)
  if (terms * 255 * 255 + largest >= 2 ** 31)
    throw new OperatorError(
      `${node.operator}: ${terms} products and a bias up to ${largest} may leave int32`,
    )
}

/** A scale or zero point: one for all, or one a column (filter). */
export function parameterOf(
  node: OperatorNode,
  index: number,
  types: readonly Dtype[],
  columns: number,
): InputType {
  const input = inputOf(node, index, types)
  const count = countOf(input.dims)
  if (count !== 1 && (count !== columns || input.dims.at(-1) !== columns))
    throw new OperatorError(
      `${node.operator}: input ${index} of shape [${input.dims}] has no checker`,
    )
  return input
}

/** The eight inputs of QLinearMatMul and QLinearConv, checked; their two factors. */
export function quantizedFactors(
  node: OperatorNode,
  columns: number,
): { a: InputType; b: InputType; dtype: Dtype } {
  const a = inputOf(node, 0, byteTypes)
  parameterOf(node, 1, floatOnly, 1)
  parameterOf(node, 2, [a.dtype], 1)
  const b = inputOf(node, 3, byteTypes)
  parameterOf(node, 4, floatOnly, columns)
  parameterOf(node, 5, [b.dtype], columns)
  parameterOf(node, 6, floatOnly, 1)
  const { dtype } = parameterOf(node, 7, byteTypes, 1)
  requireUnsaturated(node, a, b)
  return { a, b, dtype }
}
