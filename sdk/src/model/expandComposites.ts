import type { Graph, GraphNode, GraphTensor } from '../onnx/graph.js'
import { OperatorError } from '../operators/operator.js'
import { type Analysis, analyseGraph } from './analyseGraph.js'
import type { CompositeNode } from './decompose/composite.js'
import { composites } from './decompose/index.js'
import { NodeBuilder } from './decompose/nodeBuilder.js'
import { inlineBranch, type Replacement } from './inlineBranch.js'
import { keepNeeded } from './simplifyGraph.js'

/** Composites behind composites are reached round after round, up to so many. */
const mostRounds = 64

/** What became of an operator that is none of the checked ones. */
export type Expansion = { operator: string; rule: string }

export type Expanded = {
  graph: Graph
  /** One a node that was replaced. */
  expansions: readonly Expansion[]
  /** Why a composite stayed, by the name of its first result. */
  reasons: ReadonlyMap<string, string>
}

/**
 * Takes composite operators apart (`decompose/index.ts`) and
 * puts the branch of an If in its place where the condition is constant, before
 * anything is judged. Nodes that stay are refused by the analysis that follows.
 *
 * @param source A graph with static inputs.
 */
export function expandComposites(source: Graph): Expanded {
  let graph = source
  const expansions: Expansion[] = []
  const reasons = new Map<string, string>()
  for (let round = 0; round < mostRounds; round++) {
    if (!graph.nodes.some(isComposite)) break
    const analysis = analyseGraph(graph, 'source')
    const before = expansions.length
    graph = expandOnce(graph, analysis, expansions, reasons)
    if (expansions.length === before) break
  }
  return {
    graph: expansions.length === 0 ? source : keepNeeded(graph),
    expansions,
    reasons,
  }
}

function isComposite({ operator, domain }: GraphNode): boolean {
  return domain === '' && (operator === 'If' || composites.has(operator))
}

function expandOnce(
  graph: Graph,
  analysis: Analysis,
  expansions: Expansion[],
  reasons: Map<string, string>,
): Graph {
  const weights = new Map<string, GraphTensor>(graph.weights)
  const names = new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.weights.keys(),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ])
  const nodes = graph.nodes.flatMap((node) => {
    const replacement = isComposite(node)
      ? replacementOf(node, graph, analysis, names, reasons)
      : undefined
    if (replacement === undefined) return [node]
    expansions.push({
      operator: node.operator,
      rule:
        composites.get(node.operator)?.rule ??
        'its branch takes its place: the condition is constant',
    })
    for (const [name, tensor] of replacement.weights) {
      weights.set(name, tensor)
      names.add(name)
    }
    for (const { outputs } of replacement.nodes)
      for (const name of outputs) names.add(name)
    return replacement.nodes
  })
  return { ...graph, nodes, weights }
}

function replacementOf(
  node: GraphNode,
  graph: Graph,
  { types, constants }: Analysis,
  names: ReadonlySet<string>,
  reasons: Map<string, string>,
): Replacement | undefined {
  const composite = composites.get(node.operator)
  if (composite === undefined)
    return inlineBranch(node, constants.get(node.inputs[0] ?? ''), names)
  // Types behind another composite are known in a later round.
  if (node.inputs.some((name) => name !== '' && !types.has(name)))
    return undefined
  const first = node.outputs.find((name) => name !== '') ?? node.operator
  const build = new NodeBuilder(first, names, graph.opset)
  const given: CompositeNode = {
    node,
    types: node.inputs.map((name) => types.get(name)),
    constants: node.inputs.map((name) => constants.get(name)),
  }
  if (composite.applies?.(given, graph.opset) === false) return undefined
  try {
    composite.expand(given, build)
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    reasons.set(first, error.message)
    return undefined
  }
  return build
}
