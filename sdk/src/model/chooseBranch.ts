import type { Graph, GraphNode } from '../onnx/graph.js'
import { OperatorError } from '../operators/operator.js'
import { elementCount } from '../tensor/tensorType.js'
import { type Analysis, analyseGraph, describe } from './analyseGraph.js'
import { expandComposites } from './expandComposites.js'
import type { KnownType } from './foldNode.js'
import { branchOf, type Replacement, type Taken } from './inlineBranch.js'

/**
 * An If whose condition is data becomes both of its branches and a Where that
 * picks: every operator is total (C5), so the branch that is not taken harms
 * nothing. `undefined` where the node is none, or the type of its condition is
 * not known yet.
 *
 * @param graph The graph around, whose inputs are static.
 * @param taken What has a name in it.
 * @throws OperatorError when a branch cannot be judged, or the two give
 * different types.
 */
export function chooseBranch(
  node: GraphNode,
  graph: Graph,
  { types }: Analysis,
  taken: Taken,
): Replacement | undefined {
  const condition = types.get(node.inputs[0] ?? '')
  const yes = branchOf(node, 'then_branch', taken)
  if (condition === undefined || yes === undefined) return undefined
  const added = new Set([
    ...yes.weights.keys(),
    ...yes.nodes.flatMap(({ outputs }) => outputs),
  ])
  const no = branchOf(node, 'else_branch', {
    has: (name) => taken.has(name) || added.has(name),
  })
  if (no === undefined) return undefined
  const both: Replacement = {
    weights: new Map([...yes.weights, ...no.weights]),
    nodes: [...yes.nodes, ...no.nodes],
  }

  const pairs = node.outputs.map(
    (name, i) => [name, yes.outputs[i] ?? '', no.outputs[i] ?? ''] as const,
  )
  const found = typesOf(
    both,
    pairs.flatMap(([, ...results]) => results),
    node,
    graph,
  )
  for (const [, then, otherwise] of pairs) {
    const [a, b] = [found.get(then), found.get(otherwise)]
    if (!a || !b || a.dtype !== b.dtype || `${a.dims}` !== `${b.dims}`)
      throw new OperatorError(
        'its condition depends on an input that is no constant, and its branches give different types',
      )
    // Where gives a result of the broadcast shape.
    if (
      elementCount(condition.dims) !== 1 ||
      condition.dims.length > a.dims.length
    )
      throw new OperatorError('its condition is no scalar')
  }
  return {
    ...both,
    nodes: [
      ...both.nodes,
      ...pairs.flatMap(([name, then, otherwise]) =>
        name === ''
          ? []
          : [
              {
                name,
                operator: 'Where',
                domain: '',
                inputs: [node.inputs[0] ?? '', then, otherwise],
                outputs: [name],
                attributes: new Map(),
              },
            ],
      ),
    ],
  }
}

/** Types of results of the branches, whose own composites are taken apart. */
function typesOf(
  both: Replacement,
  results: readonly string[],
  node: GraphNode,
  graph: Graph,
): ReadonlyMap<string, KnownType> {
  const before = graph.nodes.slice(0, graph.nodes.indexOf(node))
  const { graph: trial, reasons } = expandComposites({
    ...graph,
    outputs: [...new Set(results)],
    nodes: [...before, ...both.nodes],
    weights: new Map([...graph.weights, ...both.weights]),
  })
  const { types, verdicts } = analyseGraph(trial, 'source')
  const known = new Set(before.flatMap(({ outputs }) => outputs))
  trial.nodes.forEach((inner, i) => {
    const verdict = verdicts[i]
    // What stands before the If is named by itself.
    if (verdict?.kind !== 'refused' || known.has(inner.outputs[0] ?? '')) return
    throw new OperatorError(
      `its condition depends on an input that is no constant, and a branch holds ${describe(inner)}: ${reasons.get(inner.outputs[0] ?? '') ?? verdict.reason}`,
    )
  })
  return types
}
