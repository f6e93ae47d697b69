/**
 * ONNX codes of the element types that a manifest may hold (docs/protocol.md section 2).
 *
 * @example
 * dtypes.float32 // 1
 */
export const dtypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const

/** Name of an element type, such as `float32`. */
export type DtypeName = keyof typeof dtypes

/** ONNX code of an element type. */
export type Dtype = (typeof dtypes)[DtypeName]

/** Element type, static shape and commitment order of a tensor. */
export type TensorType = {
  dtype: Dtype
  dims: readonly number[]
  /** Axis *k* of the committed bytes is axis `perm[k]` of the tensor. */
  perm: readonly number[]
}
