import type { KnownType } from '../model/foldNode.js'
import type { Graph, GraphNode } from '../onnx/graph.js'

/**
 * Joins a product of matrices and the addition of a bias vector into one Gemm:
 * the runtime fuses the pair at its higher levels, which gives other bits than
 * the traced run.
 */
export function gemmWithBias(
  graph: Graph,
  types: ReadonlyMap<string, KnownType>,
): Graph {
  const readers = new Map<string, number>()
  for (const name of [
    ...graph.nodes.flatMap((n) => n.inputs),
    ...graph.outputs,
  ])
    readers.set(name, (readers.get(name) ?? 0) + 1)
  const products = new Map(
    graph.nodes
      .filter(
        ({ operator, inputs, outputs }) =>
          operator === 'MatMul' &&
          inputs.every((name) => types.get(name)?.dims.length === 2) &&
          readers.get(outputs[0] ?? '') === 1,
      )
      .map((node) => [node.outputs[0] ?? '', node] as const),
  )
  const joined = new Set<GraphNode>()
  const nodes = graph.nodes.map((node) => {
    if (node.operator !== 'Add') return node
    for (const [from, bias] of [node.inputs, [...node.inputs].reverse()]) {
      const product = products.get(from ?? '')
      if (product === undefined || bias === undefined) continue
      const width = types.get(from ?? '')?.dims[1]
      const dims = types.get(bias)?.dims
      if (dims?.length !== 1 || dims[0] !== width) continue
      joined.add(product)
      return { ...node, operator: 'Gemm', inputs: [...product.inputs, bias] }
    }
    return node
  })
  return { ...graph, nodes: nodes.filter((node) => !joined.has(node)) }
}
