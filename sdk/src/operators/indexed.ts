import type { Interval } from '../types/interval.js'
import { anything } from './float32.js'
import type { Checker, ElementQuery, Operand, Range } from './operator.js'
import { committedAt, coordinatesOf } from './shape.js'
import { typeAt } from './typeAt.js'
import { integerAt, moved } from './values.js'

// Operators that copy the element which an index names: first the index is
// read, then the element. Twin of
// contracts/verification/operators/IndexChecker.sol.

export const opcodes = { gather: 256 } as const

/** The checker of an opcode whose indices are data. */
export function indexedChecker(opcode: number): Checker {
  return { opcode, class: 'exact', ranges, dependentRanges, evaluate }
}

function ranges(query: ElementQuery): Range[] {
  const indices = typeAt(query.inputs, 1)
  const own = coordinates(query).slice(
    axisOf(query),
    axisOf(query) + indices.dims.length,
  )
  return [{ operand: 1, first: committedAt(indices, own), count: 1, stride: 1 }]
}

function dependentRanges(
  query: ElementQuery,
  operands: readonly Operand[],
): Range[] {
  const index = indexOf(query, operands)
  if (index === undefined) return []
  const axis = axisOf(query)
  const at = coordinates(query)
  const rank = typeAt(query.inputs, 1).dims.length
  const from = [...at.slice(0, axis), index, ...at.slice(axis + rank)]
  const first = committedAt(typeAt(query.inputs, 0), from)
  return [{ operand: 0, first, count: 1, stride: 1 }]
}

function evaluate(query: ElementQuery, operands: readonly Operand[]): Interval {
  // C5: admission puts a Clip before the indices. One that is out of range all
  // the same was not made by that Clip, whose own element convicts.
  if (indexOf(query, operands) === undefined) return anything()
  return moved(operands[0] as Operand, 0, typeAt(query.outputs, 0).dtype)
}

/** The index that was read, counted from the front; `undefined` if it is not one in range. */
function indexOf(
  query: ElementQuery,
  operands: readonly Operand[],
): number | undefined {
  const { dtype } = typeAt(query.inputs, 1)
  const read = integerAt(operands[1] as Operand, 0, dtype)
  const size = BigInt(typeAt(query.inputs, 0).dims[axisOf(query)] as number)
  if (read === undefined || read.low !== read.high) return undefined
  if (read.low < -size || read.low >= size) return undefined
  return Number(read.low < 0n ? read.low + size : read.low)
}

function coordinates(query: ElementQuery): number[] {
  return coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
}

function axisOf(query: ElementQuery): number {
  return query.attributes[0] as number
}
