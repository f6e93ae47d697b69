import { dtypes, type TensorType } from '../types/tensorType.js'

const bytesOfDtype: ReadonlyMap<number, number> = new Map([
  [dtypes.float32, 4],
  [dtypes.uint8, 1],
  [dtypes.int8, 1],
  [dtypes.int32, 4],
  [dtypes.int64, 8],
  [dtypes.bool, 1],
  [dtypes.float16, 2],
  [dtypes.float64, 8],
])

/**
 * Bytes of one element; `undefined` when the code is not one of section 2.
 *
 * @example
 * elementBytes(dtypes.float16) // 2
 */
export function elementBytes(dtype: number): number | undefined {
  return bytesOfDtype.get(dtype)
}

/**
 * Number of elements; a scalar has one (B2).
 *
 * @example
 * elementCount([2, 3]) // 6
 */
export function elementCount(dims: readonly number[]): number {
  let count = 1
  for (const dim of dims) count *= dim
  return count
}

/**
 * Bytes of the whole tensor.
 *
 * @example
 * byteLength({ dtype: dtypes.float32, dims: [2, 3], perm: [0, 1] }) // 24
 */
export function byteLength(type: TensorType): number {
  return elementCount(type.dims) * (elementBytes(type.dtype) ?? Number.NaN)
}

/**
 * The permutation that commits a tensor as it is.
 *
 * @example
 * identityPerm(3) // [0, 1, 2]
 */
export function identityPerm(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => axis)
}

/**
 * Whether `perm` names each axis once.
 *
 * @example
 * isPerm([1, 0], 2) // true
 */
export function isPerm(perm: readonly number[], rank: number): boolean {
  return (
    perm.length === rank &&
    identityPerm(rank).every((axis) => perm.includes(axis))
  )
}

/**
 * Dimensions in commitment order.
 *
 * @example
 * committedDims({ dtype: dtypes.float32, dims: [2, 3], perm: [1, 0] }) // [3, 2]
 */
export function committedDims(type: TensorType): number[] {
  return type.perm.map((axis) => type.dims[axis]!)
}

/**
 * Row-major strides, in elements.
 *
 * @example
 * rowMajorStrides([2, 3, 4]) // [12, 4, 1]
 */
export function rowMajorStrides(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length)
  let stride = 1
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    strides[axis] = stride
    stride *= dims[axis]!
  }
  return strides
}

/**
 * Whether two types commit to the same bytes for the same tensor.
 *
 * @example
 * sameType(value.type, value.type) // true
 */
export function sameType(a: TensorType, b: TensorType): boolean {
  return (
    a.dtype === b.dtype && sameList(a.dims, b.dims) && sameList(a.perm, b.perm)
  )
}

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((entry, i) => entry === b[i])
}
