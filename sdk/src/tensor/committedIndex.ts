import type { TensorType } from '../types/tensorType.js'
import { committedDims, rowMajorStrides } from './tensorType.js'

/**
 * Committed index of the element with this logical (row-major) index.
 *
 * @example
 * committedIndex({ dtype: dtypes.float32, dims: [2, 3], perm: [1, 0] }, 1) // 2
 */
export function committedIndex(type: TensorType, logical: number): number {
  const strides = rowMajorStrides(committedDims(type))
  const strideOfAxis = new Array<number>(type.dims.length)
  type.perm.forEach((axis, position) => {
    strideOfAxis[axis] = strides[position]!
  })
  let rest = logical
  let index = 0
  for (let axis = type.dims.length - 1; axis >= 0; axis--) {
    const dim = type.dims[axis]!
    const coordinate = rest % dim
    rest = (rest - coordinate) / dim
    index += coordinate * strideOfAxis[axis]!
  }
  return index
}

/**
 * Logical index of the element with this committed index.
 *
 * @example
 * logicalIndex({ dtype: dtypes.float32, dims: [2, 3], perm: [1, 0] }, 2) // 1
 */
export function logicalIndex(type: TensorType, committed: number): number {
  const strides = rowMajorStrides(type.dims)
  let rest = committed
  let index = 0
  for (let position = type.perm.length - 1; position >= 0; position--) {
    const axis = type.perm[position]!
    const dim = type.dims[axis]!
    const coordinate = rest % dim
    rest = (rest - coordinate) / dim
    index += coordinate * strides[axis]!
  }
  return index
}
