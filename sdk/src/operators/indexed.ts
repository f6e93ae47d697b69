import type { Interval } from '../types/interval.js'
import { anything } from './float32.js'
import { loopRanges } from './loops.js'
import type { Checker, ElementQuery, Operand, Range } from './operator.js'
import { committedAt, committedStride, coordinatesOf } from './shape.js'
import { typeAt } from './typeAt.js'
import { integerAt, moved } from './values.js'

// Operators that copy the element which indices name: first the indices are
// read, then the element. Twin of
// contracts/verification/operators/IndexChecker.sol.

export const opcodes = {
  gather: 256,
  gatherElements: 257,
  gatherND: 258,
} as const

/** The checker of an opcode whose indices are data. */
export function indexedChecker(opcode: number): Checker {
  return { opcode, class: 'exact', ranges, dependentRanges, evaluate }
}

function ranges(query: ElementQuery): Range[] {
  const indices = typeAt(query.inputs, 1)
  const rank = indices.dims.length
  const at = coordinates(query)
  if (query.opcode !== opcodes.gatherND) {
    const first = query.opcode === opcodes.gather ? axisOf(query) : 0
    const own = at.slice(first, first + rank)
    const index = committedAt(indices, own)
    return [{ operand: 1, first: index, count: 1, stride: 1 }]
  }
  return loopRanges(1, {
    first: committedAt(indices, [...at.slice(0, rank - 1), 0]),
    loops: [
      {
        count: indices.dims[rank - 1] as number,
        stride: committedStride(indices, rank - 1),
      },
    ],
  })
}

function dependentRanges(
  query: ElementQuery,
  operands: readonly Operand[],
): Range[] {
  const from = sourceOf(query, operands)
  if (from === undefined) return []
  const first = committedAt(typeAt(query.inputs, 0), from)
  return [{ operand: 0, first, count: 1, stride: 1 }]
}

function evaluate(query: ElementQuery, operands: readonly Operand[]): Interval {
  // C5: admission puts a Clip before the indices. One that is out of range all
  // the same was not made by that Clip, whose own element convicts.
  if (sourceOf(query, operands) === undefined) return anything()
  return moved(operands[0] as Operand, 0, typeAt(query.outputs, 0).dtype)
}

/**
 * Coordinates of the element that the indices name; `undefined` if one is not a
 * number in range.
 */
function sourceOf(
  query: ElementQuery,
  operands: readonly Operand[],
): number[] | undefined {
  const at = coordinates(query)
  const axis = axisOf(query)
  const { dims } = typeAt(query.inputs, 0)
  const indices = typeAt(query.inputs, 1)
  const rank = indices.dims.length
  // The axes from `axis` on that the indices name, and the axes of the output
  // that these take.
  const nd = query.opcode === opcodes.gatherND
  const named = nd ? (indices.dims[rank - 1] as number) : 1
  const taken =
    query.opcode === opcodes.gather ? rank : nd ? rank - 1 - axis : 1
  const from: number[] = []
  for (let k = 0; k < dims.length; k++) {
    if (k < axis) from.push(at[k] as number)
    else if (k >= axis + named) from.push(at[k - named + taken] as number)
    else {
      const read = operands[1] as Operand
      const size = dims[k] as number
      const index = indexAt(read, k - axis, indices.dtype, size)
      if (index === undefined) return undefined
      from.push(index)
    }
  }
  return from
}

/**
 * Index `i` of an operand into an axis of `size` elements, counted from the
 * front; `undefined` if it is not one number in range.
 */
export function indexAt(
  operand: Operand,
  i: number,
  dtype: number,
  size: number,
): number | undefined {
  const read = integerAt(operand, i, dtype)
  const limit = BigInt(size)
  if (read === undefined || read.low !== read.high) return undefined
  if (read.low < -limit || read.low >= limit) return undefined
  return Number(read.low < 0n ? read.low + limit : read.low)
}

function coordinates(query: ElementQuery): number[] {
  return coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
}

/** First axis that the indices name: GatherND's number of batch axes. */
function axisOf(query: ElementQuery): number {
  return query.attributes[0] as number
}
