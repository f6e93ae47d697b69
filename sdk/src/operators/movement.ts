import type { TensorType } from '../types/tensorType.js'
import type { Checker, ElementQuery, Operand } from './operator.js'
import {
  broadcastAt,
  committedAt,
  committedIndexOf,
  coordinatesOf,
} from './shape.js'
import { bits, moved, width } from './values.js'

// Operators that copy elements: each output element is one operand element (or
// Pad's constant), bit for bit. Twin of
// contracts/verification/operators/MovementChecker.sol.

export const opcodes = {
  identity: 1,
  reshape: 2,
  transpose: 3,
  concat: 4,
  slice: 5,
  gather: 6,
  pad: 7,
  expand: 8,
  tile: 9,
  split: 10,
} as const

/** Modes of Pad as attribute words. */
export const padModes = { constant: 0, reflect: 1, edge: 2, wrap: 3 } as const

/** Where an output element comes from; `undefined`: Pad's value. */
type Source = { operand: number; index: number } | undefined

/** The checker of an opcode of the movement family. */
export function movementChecker(opcode: number): Checker {
  return {
    opcode,
    class: 'exact',
    ranges(query) {
      const source = sourceOf(query)
      if (source === undefined) return []
      const { operand, index } = source
      return [{ operand, first: index, count: 1, stride: 1 }]
    },
    evaluate(query, operands) {
      const source = sourceOf(query)
      const { dtype } = outputOf(query)
      if (source !== undefined)
        return moved(operands[source.operand] as Operand, 0, dtype)
      const value = query.attributes[query.attributes.length - 1] as number
      return bits(BigInt.asUintN(8 * width(dtype), BigInt(value)))
    },
  }
}

function outputOf(query: ElementQuery): TensorType {
  const output = query.outputs[query.output]
  if (output === undefined) throw new RangeError('the node has no such output')
  return output
}

function inputOf(query: ElementQuery, operand: number): TensorType {
  const input = query.inputs[operand]
  if (input === undefined) throw new RangeError('the node has no such input')
  return input
}

function sourceOf(query: ElementQuery): Source {
  const input = inputOf(query, 0)
  const at = coordinatesOf(outputOf(query).dims, query.element)
  const from = (coordinates: readonly number[]): Source => ({
    operand: 0,
    index: committedAt(input, coordinates),
  })
  switch (query.opcode) {
    case opcodes.identity:
      return from(at)
    case opcodes.reshape:
      return { operand: 0, index: committedIndexOf(input, query.element) }
    case opcodes.transpose:
      return from(transposed(query.attributes, at))
    case opcodes.concat:
      return concatenated(query, at)
    case opcodes.slice:
      return from(
        at.map((c, k) => word(query, k) + word(query, at.length + k) * c),
      )
    case opcodes.gather:
      return from(gathered(query, at))
    case opcodes.pad: {
      const inner = unpad(query, input.dims, at)
      return inner && from(inner)
    }
    case opcodes.expand:
      return { operand: 0, index: broadcastAt(input, at) }
    case opcodes.tile:
      return from(at.map((c, k) => c % (input.dims[k] as number)))
    case opcodes.split:
      return from(shifted(query, at))
    default:
      throw new RangeError(`opcode ${query.opcode} moves nothing`)
  }
}

function word(query: ElementQuery, index: number): number {
  const value = query.attributes[index]
  if (value === undefined) throw new RangeError(`no attribute ${index}`)
  return value
}

/** Axis k of the output is axis perm[k] of the input. */
function transposed(
  perm: readonly number[],
  at: readonly number[],
): readonly number[] {
  const from = new Array<number>(at.length).fill(0)
  at.forEach((c, k) => {
    from[perm[k] as number] = c
  })
  return from
}

function concatenated(query: ElementQuery, at: number[]): Source {
  const axis = word(query, 0)
  let rest = at[axis] as number
  let operand = 0
  for (;;) {
    const input = inputOf(query, operand)
    const size = input.dims[axis] as number
    if (rest < size) {
      at[axis] = rest
      return { operand, index: committedAt(input, at) }
    }
    rest -= size
    operand += 1
  }
}

/**
 * Attributes: axis, rank of the indices, the indices in row-major order
 * (constants, C5), whose axes replace `axis` in the output.
 */
function gathered(query: ElementQuery, at: readonly number[]): number[] {
  const axis = word(query, 0)
  const rank = word(query, 1)
  const { dims } = outputOf(query)
  let position = 0
  for (let k = axis; k < axis + rank; k++)
    position = position * (dims[k] as number) + (at[k] as number)
  return [
    ...at.slice(0, axis),
    word(query, 2 + position),
    ...at.slice(axis + rank),
  ]
}

/** Skips what the outputs before this one took along the axis. */
function shifted(query: ElementQuery, at: number[]): number[] {
  const axis = word(query, 0)
  for (const output of query.outputs.slice(0, query.output))
    at[axis] = (at[axis] as number) + (output.dims[axis] as number)
  return at
}

/**
 * Attributes: begin for every axis, end for every axis, mode, value. The
 * coordinates in the input; `undefined` for padding of mode constant.
 */
function unpad(
  query: ElementQuery,
  dims: readonly number[],
  at: readonly number[],
): number[] | undefined {
  const mode = word(query, 2 * at.length)
  const inner: number[] = []
  for (let k = 0; k < at.length; k++) {
    const last = (dims[k] as number) - 1
    let position = (at[k] as number) - word(query, k)
    if (position < 0 || position > last) {
      if (mode === padModes.reflect)
        position = position < 0 ? -position : 2 * last - position
      else if (mode === padModes.edge) position = position < 0 ? 0 : last
      else if (mode === padModes.wrap)
        position += position < 0 ? last + 1 : -last - 1
      else return undefined
    }
    inner.push(position)
  }
  return inner
}
