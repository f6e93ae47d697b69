import type { Graph, GraphNode } from '../onnx/graph.js'
import { unusable } from './modelErrors.js'
import { freshName } from './simplifyGraph.js'

/**
 * Makes every graph output a result of a node (B4): an output that is an input
 * or a weight is read through an Identity. A weight gives the output its name,
 * an input keeps it. Names nodes uniquely on the way.
 */
export function separateOutputs(graph: Graph): Graph {
  if (new Set(graph.outputs).size !== graph.outputs.length)
    throw unusable('the graph names an output twice')
  const inputs = new Set(graph.inputs.map((input) => input.name))
  const added: GraphNode[] = []
  const values = new Set([
    ...inputs,
    ...graph.weights.keys(),
    ...graph.nodes.flatMap((node) => node.outputs),
  ])
  const renamed = new Map<string, string>()
  const outputs = graph.outputs.map((name) => {
    if (inputs.has(name)) {
      const copy = freshName(`${name}_output`, [values])
      values.add(copy)
      added.push(identity(name, copy))
      return copy
    }
    if (graph.weights.has(name)) {
      const constant = freshName(`${name}_constant`, [values])
      values.add(constant)
      renamed.set(name, constant)
      added.push(identity(constant, name))
    }
    return name
  })
  const nameOf = (name: string) => renamed.get(name) ?? name
  const taken = new Set<string>()
  const suffixes = new Map<string, number>()
  const nodes = [...graph.nodes, ...added].map((node) => {
    const base = node.name || node.outputs.find((name) => name !== '') || 'node'
    let name = base
    while (taken.has(name)) {
      const suffix = (suffixes.get(base) ?? 0) + 1
      suffixes.set(base, suffix)
      name = `${base}_${suffix}`
    }
    taken.add(name)
    return { ...node, name, inputs: node.inputs.map(nameOf) }
  })
  const weights = new Map(
    [...graph.weights].map(([name, tensor]) => [nameOf(name), tensor]),
  )
  return { ...graph, weights, nodes, outputs }
}

/** An Identity node. */
export function identity(from: string, to: string): GraphNode {
  return {
    name: `${to}_identity`,
    operator: 'Identity',
    domain: '',
    inputs: [from],
    outputs: [to],
    attributes: new Map(),
  }
}
