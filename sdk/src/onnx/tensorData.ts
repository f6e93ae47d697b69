import type { InputType } from '../operators/operator.js'
import { dtypes } from '../types/tensorType.js'
import type { GraphTensor } from './graph.js'

/**
 * The elements of a constant as the operators read them: numbers, or bigints
 * for int64. float16 gives its bit patterns.
 */
export function tensorData(
  tensor: GraphTensor,
): NonNullable<InputType['constant']> {
  const { buffer, byteOffset, byteLength } = aligned(tensor.bytes)
  switch (tensor.dtype) {
    case dtypes.float32:
      return new Float32Array(buffer, byteOffset, byteLength / 4)
    case dtypes.float64:
      return new Float64Array(buffer, byteOffset, byteLength / 8)
    case dtypes.int64:
      return new BigInt64Array(buffer, byteOffset, byteLength / 8)
    case dtypes.int32:
      return new Int32Array(buffer, byteOffset, byteLength / 4)
    case dtypes.float16:
      return new Uint16Array(buffer, byteOffset, byteLength / 2)
    case dtypes.int8:
      return new Int8Array(buffer, byteOffset, byteLength)
    case dtypes.uint8:
    case dtypes.bool:
      return new Uint8Array(buffer, byteOffset, byteLength)
  }
}

function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)
}
