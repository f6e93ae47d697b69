import type { Interval } from '../types/interval.js'
import { dtypes, type TensorType } from '../types/tensorType.js'
import { anything } from './float32.js'
import { indexAt } from './indexed.js'
import { loopRanges } from './loops.js'
import type { Checker, ElementQuery, Operand, Range } from './operator.js'
import {
  committedAt,
  committedIndexOf,
  committedStride,
  coordinatesOf,
  countOf,
} from './shape.js'
import { typeAt } from './typeAt.js'
import { floatAt, integerAt, moved } from './values.js'

// ScatterElements and ScatterND: the element of the updates that an index sends
// here, else the element of the data. First the indices that may name this place
// are read, then that element. Twin of
// contracts/verification/operators/ScatterChecker.sol.

export const opcodes = { scatterElements: 259, scatterND: 260 } as const

/** The checker of an opcode of the scatter family. */
export function scatterChecker(opcode: number): Checker {
  return { opcode, class: 'exact', ranges, dependentRanges, evaluate }
}

function ranges(query: ElementQuery): Range[] {
  const indices = typeAt(query.inputs, 1)
  const loop = (axis: number) => ({
    count: indices.dims[axis] as number,
    stride: committedStride(indices, axis),
  })
  if (query.opcode === opcodes.scatterND)
    return loopRanges(1, {
      first: 0,
      loops: indices.dims.map((_, axis) => loop(axis)),
    })
  const at = coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
  const axis = query.attributes[0] as number
  if (!inside(indices, at, axis)) return []
  at[axis] = 0
  return loopRanges(1, { first: committedAt(indices, at), loops: [loop(axis)] })
}

function dependentRanges(
  query: ElementQuery,
  operands: readonly Operand[],
): Range[] {
  const hits = hitsOf(query, operands[1] as Operand)
  if (hits === undefined) return []
  const range = (operand: number, first: number): Range => ({
    operand,
    first,
    count: 1,
    stride: 1,
  })
  if (hits.length > 0) return hits.map((first) => range(2, first))
  return [range(0, committedIndexOf(typeAt(query.inputs, 0), query.element))]
}

function evaluate(query: ElementQuery, operands: readonly Operand[]): Interval {
  const [data, read, updates] = operands as [Operand, Operand, Operand]
  const hits = hitsOf(query, read)
  if (hits === undefined) return anything()
  const { dtype } = typeAt(query.outputs, 0)
  if (hits.length === 0) return moved(data, 0, dtype)
  if (hits.length === 1) return moved(updates, 0, dtype)
  return between(updates, hits.length, dtype)
}

/**
 * Committed indices of the updates that name the element; `undefined` where an
 * index is not one number in range.
 */
function hitsOf(query: ElementQuery, read: Operand): number[] | undefined {
  const at = coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
  return query.opcode === opcodes.scatterND
    ? tuplesOf(query, read, at)
    : lineOf(query, read, at)
}

/** ScatterElements: the indices along the axis. */
function lineOf(
  query: ElementQuery,
  read: Operand,
  at: readonly number[],
): number[] | undefined {
  const indices = typeAt(query.inputs, 1)
  const axis = query.attributes[0] as number
  if (!inside(indices, at, axis)) return []
  const size = typeAt(query.outputs, 0).dims[axis] as number
  const hits: number[] = []
  for (let i = 0; i < (indices.dims[axis] as number); i++) {
    const index = indexAt(read, i, indices.dtype, size)
    if (index === undefined) return undefined
    if (index !== at[axis]) continue
    const from = at.map((c, k) => (k === axis ? i : c))
    hits.push(committedAt(typeAt(query.inputs, 2), from))
  }
  return hits
}

/** ScatterND: all tuples of indices. */
function tuplesOf(
  query: ElementQuery,
  read: Operand,
  at: readonly number[],
): number[] | undefined {
  const indices = typeAt(query.inputs, 1)
  const { dims } = typeAt(query.outputs, 0)
  const outer = indices.dims.slice(0, -1)
  const named = indices.dims.at(-1) as number
  const hits: number[] = []
  for (let tuple = 0; tuple < countOf(outer); tuple++) {
    let same = true
    for (let k = 0; k < named; k++) {
      const size = dims[k] as number
      const index = indexAt(read, tuple * named + k, indices.dtype, size)
      if (index === undefined) return undefined
      same &&= index === at[k]
    }
    if (!same) continue
    // Coordinates of the tuple, then those of the output behind the named axes.
    const from = [...coordinatesOf(outer, tuple), ...at.slice(named)]
    hits.push(committedAt(typeAt(query.inputs, 2), from))
  }
  return hits
}

/** All that lies between the updates of one place; anything for types without an order. */
function between(updates: Operand, count: number, dtype: number): Interval {
  if (dtype === dtypes.float16 || dtype === dtypes.float64) return anything()
  let low: bigint | undefined
  let high: bigint | undefined
  for (let i = 0; i < count; i++) {
    const x =
      dtype === dtypes.float32
        ? floatAt(updates, i)
        : integerAt(updates, i, dtype)
    if (x === undefined || ('any' in x && x.any)) return anything()
    if (low === undefined || x.low < low) low = x.low
    if (high === undefined || x.high > high) high = x.high
  }
  if (low === undefined || high === undefined) return anything()
  return { kind: dtype === dtypes.float32 ? 'float' : 'integer', low, high }
}

/** Whether the indices reach the line along `axis` that `at` is on. */
function inside(
  indices: TensorType,
  at: readonly number[],
  axis: number,
): boolean {
  return at.every((c, k) => k === axis || c < (indices.dims[k] as number))
}
