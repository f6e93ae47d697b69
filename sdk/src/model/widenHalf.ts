import type {
  Graph,
  GraphAttribute,
  GraphNode,
  GraphTensor,
} from '../onnx/graph.js'
import { halfKey } from '../operators/half.js'
import { dtypes } from '../types/tensorType.js'
import { freshName } from './simplifyGraph.js'

/** Whether a graph holds float16 anywhere. */
export function usesHalf(graph: Graph): boolean {
  return (
    graph.inputs.some(({ dtype }) => dtype === dtypes.float16) ||
    [...graph.weights.values()].some(isHalf) ||
    graph.nodes.some(({ attributes }) =>
      [...attributes.values()].some(
        (attribute) => attribute.type === 'tensor' && isHalf(attribute.value),
      ),
    )
  )
}

/**
 * The same graph with float32 arithmetic: inputs and outputs stay float16, with
 * a Cast behind and before; weights become the float32 that they are; a Cast to
 * float16 in between casts to float32. Kernels of float16 round each result, and
 * differ from machine to machine in how they accumulate: no bound covers that.
 */
export function widenHalf(graph: Graph): Graph {
  const names = new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.weights.keys(),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ])
  const fresh = (name: string): string => {
    const made = freshName(`${name}_float32`, [names])
    names.add(made)
    return made
  }
  const inputs = new Map(
    graph.inputs
      .filter(({ dtype }) => dtype === dtypes.float16)
      .map(({ name }) => [name, fresh(name)]),
  )
  const outputs = new Map(
    graph.outputs
      .filter((name) => graph.declared.get(name)?.dtype === dtypes.float16)
      .map((name) => [name, fresh(name)]),
  )
  const renamed = (name: string): string =>
    outputs.get(name) ?? inputs.get(name) ?? name
  return {
    ...graph,
    weights: new Map(
      [...graph.weights].map(([name, tensor]) => [name, widened(tensor)]),
    ),
    nodes: [
      ...[...inputs].map(([from, to]) => cast(from, to, dtypes.float32)),
      ...graph.nodes.map((node) => ({
        ...node,
        inputs: node.inputs.map(renamed),
        outputs: node.outputs.map((name) => outputs.get(name) ?? name),
        attributes: new Map(
          [...node.attributes].map(([name, attribute]) => [
            name,
            widenedAttribute(node, name, attribute),
          ]),
        ),
      })),
      ...[...outputs].map(([to, from]) => cast(from, to, dtypes.float16)),
    ],
    // What is declared float16 inside is so no longer.
    declared: new Map(
      [...graph.declared].filter(([, { dtype }]) => dtype !== dtypes.float16),
    ),
  }
}

function isHalf({ dtype }: GraphTensor): boolean {
  return dtype === dtypes.float16
}

function cast(from: string, to: string, dtype: number): GraphNode {
  return {
    name: to,
    operator: 'Cast',
    domain: '',
    inputs: [from],
    outputs: [to],
    attributes: new Map([['to', { type: 'int', value: BigInt(dtype) }]]),
  }
}

function widenedAttribute(
  node: GraphNode,
  name: string,
  attribute: GraphAttribute,
): GraphAttribute {
  if (attribute.type === 'tensor')
    return { type: 'tensor', value: widened(attribute.value) }
  const casts =
    node.operator === 'Cast' &&
    name === 'to' &&
    attribute.type === 'int' &&
    attribute.value === BigInt(dtypes.float16)
  return casts ? { type: 'int', value: BigInt(dtypes.float32) } : attribute
}

function widened(tensor: GraphTensor): GraphTensor {
  if (!isHalf(tensor)) return tensor
  const { bytes, dims } = tensor
  const count = bytes.length / 2
  const from = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const to = new DataView(new ArrayBuffer(4 * count))
  for (let i = 0; i < count; i++) {
    const pattern = from.getUint16(2 * i, true)
    const key = halfKey(BigInt(pattern & 0x7fff))
    const magnitude = key === undefined ? 0x7fc00000 : Number(key)
    to.setUint32(4 * i, (((pattern >> 15) << 31) | magnitude) >>> 0, true)
  }
  return { dtype: dtypes.float32, dims, bytes: new Uint8Array(to.buffer) }
}
