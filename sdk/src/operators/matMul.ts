import { dtypes, type TensorType } from '../types/tensorType.js'
import { dotInterval, exactDot } from './exactDot.js'
import { floatOnly, inputOf } from './form.js'
import { productInParts } from './inParts.js'
import { loopRanges } from './loops.js'
import {
  type Checker,
  type ElementQuery,
  type InputType,
  type Operand,
  type Operator,
  OperatorError,
  type OperatorNode,
  type Range,
} from './operator.js'
import { requireCommitted } from './requireCommitted.js'
import {
  broadcastDims,
  committedAt,
  committedStride,
  coordinatesOf,
} from './shape.js'
import { typeAt } from './typeAt.js'

const opcode = 60

/** Twin of `contracts/verification/operators/MatMulChecker.sol`. */
const checker: Checker = {
  opcode,
  class: 'float',

  ranges: (query) => matMulRanges(query, 1),

  evaluate(query, operands) {
    requireCommitted(operands)
    const [a, b] = operands as [Operand, Operand]
    return dotInterval(exactDot(a.data, b.data), query.arithmetic)
  },

  parts: () => productInParts([]),
}

/** A row of operand 0 and a column of operand `second`. */
export function matMulRanges(query: ElementQuery, second: number): Range[] {
  const a = typeAt(query.inputs, 0)
  const b = typeAt(query.inputs, second)
  const at = coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
  const left = a.dims.length
  const right = b.dims.length
  // Axes of the output: batch, then the row of A and the column of B where
  // they have one.
  const batch = at.length - (left > 1 ? 1 : 0) - (right > 1 ? 1 : 0)
  const row = batchOf(a, at, batch)
  const column = batchOf(b, at, batch)
  if (left > 1) row[left - 2] = at[batch] as number
  if (right > 1) column[right - 1] = at[at.length - 1] as number
  return [
    ...lineRanges(0, a, row, left - 1),
    ...lineRanges(second, b, column, Math.max(0, right - 2)),
  ]
}

/** All elements of an operand along `axis` from `at` on. */
export function lineRanges(
  operand: number,
  type: TensorType,
  at: readonly number[],
  axis: number,
): Range[] {
  return loopRanges(operand, {
    first: committedAt(type, at),
    loops: [
      { count: type.dims[axis] as number, stride: committedStride(type, axis) },
    ],
  })
}

/**
 * Coordinates of the matrix that broadcasting pairs with the batch of an output
 * element; 0 inside the matrix.
 */
function batchOf(
  type: TensorType,
  at: readonly number[],
  batch: number,
): number[] {
  const rank = type.dims.length
  return type.dims.map((dim, k) =>
    k + 2 < rank && dim !== 1 ? (at[batch + 2 - rank + k] as number) : 0,
  )
}

/**
 * Shape of a matrix product, and the commitment orders that put the reduced axis
 * last (B3); of B that is the last but one.
 */
export function matMulShape(
  node: OperatorNode,
  { dims: a }: InputType,
  { dims: b }: InputType,
): { dims: readonly number[]; left: number[]; right: number[] } {
  if (a.length === 0 || b.length === 0)
    throw new OperatorError(`${node.operator} of a scalar`)
  if (a.at(-1) !== b.at(Math.max(-2, -b.length)))
    throw new OperatorError(`${node.operator} of shapes [${a}] and [${b}]`)
  const axes = b.map((_, axis) => axis)
  return {
    dims: [
      ...broadcastDims([a.slice(0, -2), b.slice(0, -2)]),
      ...(a.length > 1 ? a.slice(-2, -1) : []),
      ...(b.length > 1 ? b.slice(-1) : []),
    ],
    left: a.map((_, axis) => axis),
    right:
      b.length === 1
        ? axes
        : [...axes.slice(0, -2), b.length - 1, b.length - 2],
  }
}

/** ONNX MatMul of any ranks, as numpy's matmul. */
export const matMul: Operator = {
  names: ['MatMul'],
  checker,
  form(node) {
    const a = inputOf(node, 0, floatOnly)
    const { dims, left, right } = matMulShape(
      node,
      a,
      inputOf(node, 1, floatOnly),
    )
    return {
      opcode,
      attributes: [],
      inputs: [0, 1],
      outputs: [{ dtype: dtypes.float32, dims }],
      layouts: [left, right, undefined],
    }
  },
}
