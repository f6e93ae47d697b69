import { create, toBinary } from '@bufbuild/protobuf'
import { quote } from '../model/checkSize.js'
import { unusable } from '../model/modelErrors.js'
import type { Dtype } from '../types/tensorType.js'
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './generated/onnx_pb.js'
import type { Graph, GraphAttribute, GraphTensor } from './graph.js'

/**
 * Writes a graph as an ONNX file: the same graph gives the same bytes. Weights
 * become initialisers, attributes stand in order of their names.
 *
 * @throws LynodeError LY-MDL-001 when a node has an attribute that cannot be kept.
 * @example
 * encodeOnnx(parseOnnx(file)).length === file.length // true
 */
export function encodeOnnx(graph: Graph): Uint8Array {
  const declared = (name: string): ValueInfoProto => {
    const type = graph.declared.get(name)
    return type === undefined
      ? create(ValueInfoProtoSchema, { name })
      : valueInfo(name, type.dtype, type.dims)
  }
  const outputs = new Set(graph.outputs)
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(graph.irVersion),
      producerName: 'lynode',
      opsetImport: [{ domain: '', version: BigInt(graph.opset) }],
      graph: {
        name: 'graph',
        input: graph.inputs.map((value) =>
          valueInfo(value.name, value.dtype, value.dims),
        ),
        output: graph.outputs.map(declared),
        valueInfo: [...graph.declared.keys()]
          .filter((name) => !outputs.has(name))
          .map(declared),
        initializer: [...graph.weights].map(([name, tensor]) =>
          tensorProto(name, tensor),
        ),
        node: graph.nodes.map((node) => ({
          name: node.name,
          opType: node.operator,
          domain: node.domain,
          input: [...node.inputs],
          output: [...node.outputs],
          attribute: [...node.attributes]
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, attribute]) => attributeProto(name, attribute)),
        })),
      },
      metadataProps: [...graph.metadata].map(([key, value]) => ({
        key,
        value,
      })),
    }),
  )
}

function valueInfo(
  name: string,
  dtype: Dtype,
  dims: readonly (number | undefined)[] | undefined,
): ValueInfoProto {
  const shape = dims && {
    dim: dims.map((dim, axis) => ({
      value:
        dim === undefined
          ? { case: 'dimParam' as const, value: `${name}_${axis}` }
          : { case: 'dimValue' as const, value: BigInt(dim) },
    })),
  }
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: { elemType: dtype, ...(shape ? { shape } : {}) },
      },
    },
  })
}

function tensorProto(name: string, tensor: GraphTensor): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: tensor.dtype,
    dims: tensor.dims.map(BigInt),
    rawData: tensor.bytes,
  })
}

function attributeProto(
  name: string,
  attribute: GraphAttribute,
): AttributeProto {
  const types = AttributeProto_AttributeType
  switch (attribute.type) {
    case 'int':
      return create(AttributeProtoSchema, {
        name,
        type: types.INT,
        i: attribute.value,
      })
    case 'ints':
      return create(AttributeProtoSchema, {
        name,
        type: types.INTS,
        ints: [...attribute.value],
      })
    case 'float':
      return create(AttributeProtoSchema, {
        name,
        type: types.FLOAT,
        f: attribute.value,
      })
    case 'floats':
      return create(AttributeProtoSchema, {
        name,
        type: types.FLOATS,
        floats: [...attribute.value],
      })
    case 'string':
      return create(AttributeProtoSchema, {
        name,
        type: types.STRING,
        s: new TextEncoder().encode(attribute.value),
      })
    case 'strings':
      return create(AttributeProtoSchema, {
        name,
        type: types.STRINGS,
        strings: attribute.value.map((text) => new TextEncoder().encode(text)),
      })
    case 'tensor':
      return create(AttributeProtoSchema, {
        name,
        type: types.TENSOR,
        t: tensorProto('', attribute.value),
      })
    case 'graph':
      throw unusable(`attribute ${quote(name)} is a subgraph`)
    case 'other':
      throw unusable(`attribute ${quote(name)} is a ${attribute.what}`)
  }
}
