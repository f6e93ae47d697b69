import type { TensorType } from '../types/tensorType.js'
import { OperatorError } from './operator.js'

// Where the elements of a tensor lie (docs/protocol.md section 2), and numpy
// broadcasting. Twin of contracts/libraries/Shape.sol.

/** Number of elements; 1 for a scalar. */
export function countOf(dims: readonly number[]): number {
  return dims.reduce((total, dim) => total * dim, 1)
}

/** Coordinates, axis by axis, of the element with a row-major index. */
export function coordinatesOf(
  dims: readonly number[],
  logical: number,
): number[] {
  const at = new Array<number>(dims.length).fill(0)
  let rest = logical
  for (let k = dims.length - 1; k >= 0; k--) {
    const dim = dims[k] as number
    at[k] = rest % dim
    rest = Math.floor(rest / dim)
  }
  return at
}

/** Row-major index of the element at `at`. */
export function logicalAt(
  dims: readonly number[],
  at: readonly number[],
): number {
  return dims.reduce((index, dim, k) => index * dim + (at[k] as number), 0)
}

/** Committed index of the element at `at`. */
export function committedAt(type: TensorType, at: readonly number[]): number {
  return type.perm.reduce(
    (index, axis) => index * (type.dims[axis] as number) + (at[axis] as number),
    0,
  )
}

/** Committed index of the element with a row-major index. */
export function committedIndexOf(type: TensorType, logical: number): number {
  return committedAt(type, coordinatesOf(type.dims, logical))
}

/** Distance, in committed elements, between neighbours along an axis. */
export function committedStride(type: TensorType, axis: number): number {
  let stride = 1
  for (let k = type.perm.length - 1; type.perm[k] !== axis; k--) {
    stride *= type.dims[type.perm[k] as number] as number
  }
  return stride
}

/**
 * Committed index, in an operand, of the element that numpy broadcasting pairs
 * with the output coordinates `at`.
 */
export function broadcastAt(
  operand: TensorType,
  at: readonly number[],
): number {
  const offset = at.length - operand.dims.length
  return committedAt(
    operand,
    operand.dims.map((dim, k) => (dim === 1 ? 0 : (at[offset + k] as number))),
  )
}

/** Shape that numpy broadcasting gives; throws `OperatorError` where it has none. */
export function broadcastDims(
  shapes: readonly (readonly number[])[],
): readonly number[] {
  const rank = Math.max(0, ...shapes.map((dims) => dims.length))
  const result = new Array<number>(rank).fill(1)
  for (const dims of shapes) {
    dims.forEach((dim, k) => {
      const axis = rank - dims.length + k
      const known = result[axis] as number
      if (known === 1) result[axis] = dim
      else if (dim !== 1 && dim !== known)
        throw new OperatorError(
          `shapes ${shapes.map((s) => `[${s}]`).join(' and ')} do not broadcast`,
        )
    })
  }
  return result
}
