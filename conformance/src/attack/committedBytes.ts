import { dtypes, type TensorType } from '@lynode/sdk'

/** Row-major little-endian bytes of a value of the attack. */
export function committedBytes(
  { dtype }: Pick<TensorType, 'dtype'>,
  data: Float32Array,
): Uint8Array {
  switch (dtype) {
    case dtypes.float32:
      return new Uint8Array(Float32Array.from(data).buffer)
    case dtypes.int32:
      return new Uint8Array(Int32Array.from(data).buffer)
    case dtypes.int64:
      return new Uint8Array(BigInt64Array.from(data, BigInt).buffer)
    case dtypes.bool:
      return Uint8Array.from(data)
    default:
      throw new Error(`the attack has no values of dtype ${dtype}`)
  }
}
