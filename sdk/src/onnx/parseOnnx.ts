import { fromBinary } from '@bufbuild/protobuf'
import { checkSize, quote } from '../model/checkSize.js'
import { modelLimits } from '../model/limits.js'
import { unusable } from '../model/modelErrors.js'
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type ValueInfoProto,
} from './generated/onnx_pb.js'
import type {
  Graph,
  GraphAttribute,
  GraphNode,
  GraphTensor,
  GraphValue,
  Subgraph,
} from './graph.js'
import { inlineFunctions } from './inlineFunctions.js'
import { readDtype, readTensor } from './readTensor.js'

/**
 * Reads an ONNX file. Nothing of it is trusted: sizes are checked before
 * anything is allocated, and nothing outside the bytes is opened.
 *
 * Takes weights from initialisers and from `Constant` nodes alike, and drops
 * what has no meaning for the computation (doc strings, producer).
 *
 * @throws LynodeError LY-MDL-001 when it is not a usable ONNX file.
 * @example
 * parseOnnx(file).inputs.map(({ name }) => name) // ['x']
 */
export function parseOnnx(bytes: Uint8Array): Graph {
  return graphOf(decodeModel(bytes))
}

/**
 * The protobuf message of a file, the functions that it defines put in place.
 *
 * @throws LynodeError LY-MDL-001
 */
export function decodeModel(bytes: Uint8Array): ModelProto {
  let model: ModelProto
  try {
    // Plain views of the bytes, also where a Node Buffer comes in.
    model = fromBinary(
      ModelProtoSchema,
      new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    )
  } catch (cause) {
    throw unusable('the bytes are not an ONNX protobuf message', cause)
  }
  if (model.graph === undefined || model.opsetImport.length === 0)
    throw unusable('the bytes hold no ONNX graph with an operator set')
  inlineFunctions(model)
  return model
}

/** What a decoded file says. @throws LynodeError LY-MDL-001 */
export function graphOf(model: ModelProto): Graph {
  const irVersion = Number(model.irVersion)
  if (
    irVersion < modelLimits.minimumIrVersion ||
    irVersion > modelLimits.maximumIrVersion
  )
    throw unusable(
      `ONNX IR version ${irVersion} is not between ${modelLimits.minimumIrVersion} and ${modelLimits.maximumIrVersion}`,
    )
  const opset = standardOpset(model)
  if (model.trainingInfo.length > 0)
    throw unusable('the file holds training information')
  const proto = model.graph!
  if (proto.node.length > modelLimits.nodes)
    throw unusable(
      `the graph has ${proto.node.length} nodes, the limit is ${modelLimits.nodes}`,
    )
  if (proto.output.length > modelLimits.bundle)
    throw unusable(
      `the graph has ${proto.output.length} outputs, the limit is ${modelLimits.bundle}`,
    )
  if (proto.sparseInitializer.length > 0)
    throw unusable('the file holds sparse tensors')

  const { weights, nodes } = readNodes(proto, 0)
  // Before IR 4 every initialiser was listed among the inputs as well.
  const inputs = proto.input.filter((value) => !weights.has(value.name))
  if (inputs.length > modelLimits.bundle)
    throw unusable(
      `the graph has ${inputs.length} inputs, the limit is ${modelLimits.bundle}`,
    )
  return {
    opset,
    irVersion,
    inputs: inputs.map((value) => readValue(value, 'input')),
    outputs: proto.output.map((value) => value.name),
    weights,
    nodes,
    declared: declaredTypes(proto),
    metadata: new Map(
      model.metadataProps.map((entry) => [entry.key, entry.value]),
    ),
  }
}

/** Nodes and constants of a graph. @param depth How many graphs are around it. */
function readNodes(
  proto: GraphProto,
  depth: number,
): { weights: Map<string, GraphTensor>; nodes: GraphNode[] } {
  const weights = readWeights(proto)
  const nodes: GraphNode[] = []
  for (const node of proto.node) {
    const constant = constantOf(node)
    if (constant === undefined) nodes.push(readNode(node, depth))
    else addWeight(weights, node.output[0]!, constant)
  }
  return { weights, nodes }
}

/** A graph inside a node. */
function readSubgraph(proto: GraphProto, depth: number): Subgraph {
  if (depth > modelLimits.subgraphDepth)
    throw unusable(
      `graphs are nested more than ${modelLimits.subgraphDepth} deep`,
    )
  if (proto.sparseInitializer.length > 0)
    throw unusable('the file holds sparse tensors')
  return {
    inputs: proto.input.map(({ name }) => name),
    outputs: proto.output.map(({ name }) => name),
    ...readNodes(proto, depth),
  }
}

function standardOpset(model: ModelProto): number {
  // Tools that join models may name the same one twice.
  const [opset, ...others] = new Set(
    model.opsetImport
      .filter((set) => isStandard(set.domain))
      .map((set) => Number(set.version)),
  )
  if (opset === undefined || others.length > 0)
    throw unusable('the file does not name one standard operator set')
  if (opset < modelLimits.minimumOpset || opset > modelLimits.maximumOpset)
    throw unusable(
      `operator set ${opset} is not between ${modelLimits.minimumOpset} and ${modelLimits.maximumOpset}`,
    )
  return opset
}

function isStandard(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx'
}

function readWeights(proto: GraphProto): Map<string, GraphTensor> {
  const weights = new Map<string, GraphTensor>()
  for (const tensor of proto.initializer)
    addWeight(weights, tensor.name, readTensor(tensor, tensor.name))
  return weights
}

function addWeight(
  weights: Map<string, GraphTensor>,
  name: string,
  tensor: GraphTensor,
): void {
  if (name === '') throw unusable('a constant has no name')
  if (weights.has(name))
    throw unusable(`two constants are called ${quote(name)}`)
  weights.set(name, tensor)
}

/** The tensor of a standard `Constant` node; `undefined` for any other node. */
function constantOf(node: NodeProto): GraphTensor | undefined {
  if (node.opType !== 'Constant' || !isStandard(node.domain)) return undefined
  const [attribute] = node.attribute
  if (node.attribute.length !== 1 || node.output.length !== 1 || !attribute)
    throw unusable(`Constant ${quote(node.name)} does not have one value`)
  const { dtype, scalar, list } = plainConstants[attribute.name] ?? {}
  if (dtype === undefined) {
    if (attribute.t === undefined)
      throw unusable(
        `Constant ${quote(node.output[0]!)} holds ${quote(attribute.name)}, which the protocol does not have`,
      )
    return readTensor(attribute.t, node.output[0]!)
  }
  const values = scalar ? [scalar(attribute)] : (list?.(attribute) ?? [])
  const bytes =
    dtype === 1
      ? new Uint8Array(Float32Array.from(values.map(Number)).buffer)
      : new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer)
  return { dtype, dims: scalar ? [] : [values.length], bytes }
}

/** Forms of `Constant` that hold no tensor. */
const plainConstants: Partial<
  Record<
    string,
    {
      dtype: 1 | 7
      scalar?: (attribute: AttributeProto) => number | bigint
      list?: (attribute: AttributeProto) => (number | bigint)[]
    }
  >
> = {
  value_float: { dtype: 1, scalar: (attribute) => attribute.f },
  value_floats: { dtype: 1, list: (attribute) => attribute.floats },
  value_int: { dtype: 7, scalar: (attribute) => attribute.i },
  value_ints: { dtype: 7, list: (attribute) => attribute.ints },
}

function readNode(node: NodeProto, depth: number): GraphNode {
  const attributes = new Map<string, GraphAttribute>()
  for (const attribute of node.attribute) {
    if (attributes.has(attribute.name))
      throw unusable(
        `node ${quote(node.name)} has two attributes ${quote(attribute.name)}`,
      )
    attributes.set(attribute.name, readAttribute(attribute, depth))
  }
  if (
    node.input.length > modelLimits.operands ||
    node.output.length > modelLimits.operands
  )
    throw unusable(
      `node ${quote(node.name)} has more than ${modelLimits.operands} operands`,
    )
  return {
    name: node.name,
    operator: node.opType,
    domain: isStandard(node.domain) ? '' : node.domain,
    inputs: trimmed(node.input),
    outputs: trimmed(node.output),
    attributes,
  }
}

/** Absent optional names at the end say nothing. */
function trimmed(names: readonly string[]): string[] {
  let length = names.length
  while (length > 0 && names[length - 1] === '') length--
  return names.slice(0, length)
}

function readAttribute(
  attribute: AttributeProto,
  depth: number,
): GraphAttribute {
  const types = AttributeProto_AttributeType
  if (attribute.refAttrName !== '')
    return { type: 'other', what: 'reference to a function attribute' }
  switch (attribute.type) {
    case types.FLOAT:
      return { type: 'float', value: attribute.f }
    case types.INT:
      return { type: 'int', value: attribute.i }
    case types.STRING:
      return { type: 'string', value: new TextDecoder().decode(attribute.s) }
    case types.STRINGS:
      return {
        type: 'strings',
        value: attribute.strings.map((text) => new TextDecoder().decode(text)),
      }
    case types.FLOATS:
      return { type: 'floats', value: attribute.floats }
    case types.INTS:
      return { type: 'ints', value: attribute.ints }
    case types.TENSOR:
      if (attribute.t !== undefined)
        return {
          type: 'tensor',
          value: readTensor(attribute.t, attribute.name),
        }
      break
    case types.GRAPH:
      if (attribute.g !== undefined)
        return { type: 'graph', value: readSubgraph(attribute.g, depth + 1) }
      break
    case types.GRAPHS:
      return { type: 'other', what: 'list of subgraphs' }
  }
  const what = AttributeProto_AttributeType[attribute.type] ?? attribute.type
  return { type: 'other', what: `attribute of type ${what}` }
}

/** Type of a graph input, or of a value that the file declares. */
function readValue(value: ValueInfoProto, what: string): GraphValue {
  const type = value.type?.value
  if (type?.case !== 'tensorType')
    throw unusable(`${what} ${quote(value.name)} is not a tensor`)
  const dtype = readDtype(type.value.elemType, `${what} ${quote(value.name)}`)
  const dims = type.value.shape?.dim.map((dim) =>
    // Exporters write 0 or -1 for what they do not know.
    dim.value.case === 'dimValue' && dim.value.value > 0n
      ? Number(dim.value.value)
      : undefined,
  )
  if (dims !== undefined)
    checkSize(
      value.name,
      dtype,
      dims.map((dim) => dim ?? 1),
    )
  return { name: value.name, dtype, dims }
}

/** Hints only: what cannot be read is left out. */
function declaredTypes(proto: GraphProto): Map<string, GraphValue> {
  const declared = new Map<string, GraphValue>()
  for (const value of [...proto.valueInfo, ...proto.output]) {
    const type = value.type?.value
    if (type?.case !== 'tensorType') continue
    if (type.value.elemType === 0) continue
    declared.set(value.name, readValue(value, 'value'))
  }
  return declared
}
