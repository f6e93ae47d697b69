import { toBinary } from '@bufbuild/protobuf'
import { quote } from '../model/checkSize.js'
import { modelLimits } from '../model/limits.js'
import { unusable } from '../model/modelErrors.js'
import {
  type GraphProto,
  ModelProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
} from './generated/onnx_pb.js'
import { decodeModel } from './parseOnnx.js'

/**
 * A model whose weights lie in files beside it, as exporters write large ones,
 * as one file; any other model as it is.
 *
 * @param read Bytes of a file that the model names. It decides which may be
 * opened: the name is the model's.
 * @throws LynodeError LY-MDL-001 when the model is not usable, or a file does not
 * hold what the model looks for in it.
 * @example
 * const model = embedData(file, (location) => {
 *   throw new Error(`${location} is not here`)
 * })
 */
export function embedData(
  file: Uint8Array,
  read: (location: string) => Uint8Array,
): Uint8Array {
  const model = decodeModel(file)
  const outside = [...tensorsOf(model.graph, 0)].filter(isOutside)
  if (outside.length === 0) return file
  let total = file.length
  const files = new Map<string, Uint8Array>()
  for (const tensor of outside) {
    const bytes = bytesOf(tensor, (location) => {
      const known = files.get(location) ?? read(location)
      files.set(location, known)
      return known
    })
    total += bytes.length
    if (total > modelLimits.tensorBytes)
      throw unusable(
        `with its weights the model takes more than ${modelLimits.tensorBytes} bytes, which no ONNX file may`,
      )
    tensor.rawData = bytes
    tensor.externalData = []
    tensor.dataLocation = TensorProto_DataLocation.DEFAULT
  }
  return toBinary(ModelProtoSchema, model)
}

function isOutside({ dataLocation, externalData }: TensorProto): boolean {
  return (
    dataLocation === TensorProto_DataLocation.EXTERNAL ||
    externalData.length > 0
  )
}

/** Every tensor of a graph and of the graphs inside it. */
function* tensorsOf(
  graph: GraphProto | undefined,
  depth: number,
): Generator<TensorProto> {
  // What is nested deeper is refused by whoever reads the model.
  if (graph === undefined || depth > modelLimits.subgraphDepth) return
  yield* graph.initializer
  for (const { attribute } of graph.node)
    for (const { t, g } of attribute) {
      if (t !== undefined) yield t
      yield* tensorsOf(g, depth + 1)
    }
}

function bytesOf(
  { name, externalData }: TensorProto,
  read: (location: string) => Uint8Array,
): Uint8Array {
  const said = new Map(externalData.map(({ key, value }) => [key, value]))
  const location = said.get('location')
  if (location === undefined)
    throw unusable(`tensor ${quote(name)} does not say which file holds it`)
  const bytes = read(location)
  const offset = Number(said.get('offset') ?? 0)
  const length = Number(said.get('length') ?? bytes.length - offset)
  const end = offset + length
  if (![offset, length].every((value) => Number.isInteger(value) && value >= 0))
    throw unusable(`tensor ${quote(name)} names no part of ${quote(location)}`)
  if (end > bytes.length)
    throw unusable(
      `tensor ${quote(name)} ends at byte ${end} of ${quote(location)}, which has ${bytes.length}`,
    )
  return bytes.subarray(offset, end)
}
