import { checkSize, quote } from '../model/checkSize.js'
import { unusable } from '../model/modelErrors.js'
import { elementBytes } from '../tensor/tensorType.js'
import { type Dtype, dtypes } from '../types/tensorType.js'
import {
  type TensorProto,
  TensorProto_DataLocation,
} from './generated/onnx_pb.js'
import type { GraphTensor } from './graph.js'

/** Names of ONNX element types, for messages. */
const typeNames = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
]

/** The dtype of an ONNX element type code. @throws LynodeError LY-MDL-001 */
export function readDtype(code: number, what: string): Dtype {
  if (elementBytes(code) === undefined)
    throw unusable(
      `${what} has element type ${typeNames[code] ?? code}, which the protocol does not have`,
    )
  return code as Dtype
}

/**
 * A constant tensor of a file.
 *
 * @throws LynodeError LY-MDL-001 for external data, types that the protocol does
 * not have, and data that is not as long as the shape says.
 */
export function readTensor(proto: TensorProto, name: string): GraphTensor {
  if (
    proto.dataLocation === TensorProto_DataLocation.EXTERNAL ||
    proto.externalData.length > 0
  )
    throw unusable(`tensor ${quote(name)} keeps its data in another file`)
  if (proto.segment !== undefined)
    throw unusable(`tensor ${quote(name)} is a segment of a tensor`)
  const dtype = readDtype(proto.dataType, `tensor ${quote(name)}`)
  const dims = proto.dims.map(Number)
  const expected = checkSize(name, dtype, dims)
  const bytes =
    proto.rawData.length > 0 ? proto.rawData : typedData(proto, dtype)
  if (bytes.length !== expected)
    throw unusable(
      `tensor ${quote(name)} of shape [${dims.join(', ')}] holds ${bytes.length} bytes instead of ${expected}`,
    )
  return { dtype, dims, bytes }
}

/** The bytes of the field that ONNX prescribes for the type. */
function typedData(proto: TensorProto, dtype: Dtype): Uint8Array {
  switch (dtype) {
    case dtypes.float32:
      return bytesOf(Float32Array.from(proto.floatData))
    case dtypes.float64:
      return bytesOf(Float64Array.from(proto.doubleData))
    case dtypes.int64:
      return bytesOf(BigInt64Array.from(proto.int64Data))
    case dtypes.int32:
      return bytesOf(Int32Array.from(proto.int32Data))
    case dtypes.float16:
      return bytesOf(Uint16Array.from(proto.int32Data))
    case dtypes.uint8:
    case dtypes.int8:
    case dtypes.bool:
      return Uint8Array.from(proto.int32Data)
  }
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
