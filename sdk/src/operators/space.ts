import type { Checker, ElementQuery } from './operator.js'
import { committedAt, coordinatesOf } from './shape.js'
import { typeAt } from './typeAt.js'
import { moved } from './values.js'

// Operators that rearrange space: each output element is one input element, bit
// for bit. Twin of contracts/verification/operators/SpaceChecker.sol.

export const opcodes = {
  depthToSpace: 13,
  spaceToDepth: 14,
  resize: 15,
} as const

/** Orders of the channels of DepthToSpace as attribute words. */
export const depthModes = { DCR: 0, CRD: 1 } as const

/** The checker of an opcode of the space family. */
export function spaceChecker(opcode: number): Checker {
  return {
    opcode,
    class: 'exact',
    ranges(query) {
      const first = committedAt(typeAt(query.inputs, 0), sourceOf(query))
      return [{ operand: 0, first, count: 1, stride: 1 }]
    },
    evaluate(query, [x]) {
      if (x === undefined) throw new RangeError('the node has no such input')
      return moved(x, 0, typeAt(query.outputs, 0).dtype)
    },
  }
}

/** Coordinates of the input element that the output element is. */
function sourceOf(query: ElementQuery): number[] {
  const at = coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
  const { dims } = typeAt(query.inputs, 0)
  switch (query.opcode) {
    case opcodes.depthToSpace:
      return deep(query, at)
    case opcodes.spaceToDepth:
      return flat(query, dims, at)
    case opcodes.resize:
      return at.map((position, axis) =>
        nearestOf(query.attributes, dims, axis, position),
      )
    default:
      throw new RangeError(`opcode ${query.opcode} rearranges nothing`)
  }
}

/** Attributes: block, mode. A block of space is one place of b x b as many channels. */
function deep(query: ElementQuery, at: readonly number[]): number[] {
  const [block, mode] = query.attributes as [number, number]
  const [n, c, y, x] = at as [number, number, number, number]
  const channels = typeAt(query.outputs, 0).dims[1] as number
  const cell = (y % block) * block + (x % block)
  const channel =
    mode === depthModes.CRD ? c * block * block + cell : cell * channels + c
  return [n, channel, Math.floor(y / block), Math.floor(x / block)]
}

/** Attribute: block. The inverse of mode DCR. */
function flat(
  query: ElementQuery,
  dims: readonly number[],
  at: readonly number[],
): number[] {
  const block = query.attributes[0] as number
  const [n, c, y, x] = at as [number, number, number, number]
  const channels = dims[1] as number
  const cell = Math.floor(c / channels)
  return [
    n,
    c % channels,
    y * block + Math.floor(cell / block),
    x * block + (cell % block),
  ]
}

/**
 * Attributes: factor, offset and divisor of every axis. The element at
 * floor((factor position + offset) / divisor), or the nearest that there is.
 */
function nearestOf(
  attributes: readonly number[],
  dims: readonly number[],
  axis: number,
  position: number,
): number {
  const word = (list: number) => attributes[list * dims.length + axis] as number
  const from = Math.floor((word(0) * position + word(1)) / word(2))
  return Math.min(Math.max(from, 0), (dims[axis] as number) - 1)
}
