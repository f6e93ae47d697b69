import { fromBinary } from '@bufbuild/protobuf'
import { unusable } from '../model/modelErrors.js'
import { type TensorProto, TensorProtoSchema } from './generated/onnx_pb.js'
import type { GraphTensor } from './graph.js'
import { readTensor } from './readTensor.js'

/**
 * Reads a tensor as ONNX stores one in a file of its own (`TensorProto`, such as
 * the `input_0.pb` of a test case).
 *
 * @throws LynodeError LY-MDL-001 when it is not a usable tensor.
 * @example
 * const { name, dims } = parseTensor(tensorFile)
 */
export function parseTensor(bytes: Uint8Array): GraphTensor & { name: string } {
  let proto: TensorProto
  try {
    proto = fromBinary(
      TensorProtoSchema,
      new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    )
  } catch (cause) {
    throw unusable('the bytes are not an ONNX tensor', cause)
  }
  return { name: proto.name, ...readTensor(proto, proto.name || 'tensor') }
}
