import type { Graph, GraphNode, GraphTensor } from '../onnx/graph.js'
import { OperatorError } from '../operators/operator.js'
import { type Analysis, analyseGraph } from './analyseGraph.js'
import { type Choice, chooseBranch } from './chooseBranch.js'
import type { Composite, CompositeNode } from './decompose/composite.js'
import { composites } from './decompose/index.js'
import { NodeBuilder } from './decompose/nodeBuilder.js'
import { inlineBranch, type Replacement, type Taken } from './inlineBranch.js'
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
 * Takes composite operators apart (`decompose/index.ts`) and puts the branch of
 * an If in its place where the condition is constant, both where it is data,
 * before anything is judged. Nodes that stay are refused by the analysis that
 * follows.
 *
 * @param source A graph with static inputs.
 * @param taken What has a name around it, if it is a part.
 */
export function expandComposites(source: Graph, taken?: Taken): Expanded {
  let graph = source
  const expansions: Expansion[] = []
  const reasons = new Map<string, string>()
  // Conditions may turn out constant behind what is taken apart, so branches are
  // both taken only when nothing else is left.
  let chooses = false
  for (let round = 0; round < mostRounds; round++) {
    if (!graph.nodes.some(isComposite)) break
    const analysis = analyseGraph(graph, 'source')
    const before = expansions.length
    graph = expandOnce(graph, analysis, expansions, reasons, chooses, taken)
    if (expansions.length === before && chooses) break
    chooses = expansions.length === before
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
  chooses: boolean,
  taken: Taken | undefined,
): Graph {
  const weights = new Map<string, GraphTensor>(graph.weights)
  const own = new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.weights.keys(),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ])
  const names: Taken = {
    has: (name) => own.has(name) || taken?.has(name) === true,
  }
  // An If behind another one is judged in the same round.
  const types = new Map(analysis.types)
  const known = { ...analysis, types }
  const nodes = graph.nodes.flatMap((node) => {
    const replacement = isComposite(node)
      ? replacementOf(node, graph, known, names, reasons, chooses)
      : undefined
    if (replacement === undefined) return [node]
    expansions.push({ operator: node.operator, rule: replacement.rule })
    expansions.push(...(replacement.expansions ?? []))
    for (const [name, type] of replacement.types ?? []) types.set(name, type)
    for (const [name, tensor] of replacement.weights) {
      weights.set(name, tensor)
      own.add(name)
    }
    for (const { outputs } of replacement.nodes)
      for (const name of outputs) own.add(name)
    return replacement.nodes
  })
  return { ...graph, nodes, weights }
}

function replacementOf(
  node: GraphNode,
  graph: Graph,
  analysis: Analysis,
  names: Taken,
  reasons: Map<string, string>,
  chooses: boolean,
): (Replacement & Partial<Choice> & { rule: string }) | undefined {
  const composite = composites.get(node.operator)
  const first = node.outputs.find((name) => name !== '') ?? node.operator
  try {
    return composite === undefined
      ? branched(node, graph, analysis, names, chooses)
      : apart(
          composite,
          node,
          new NodeBuilder(first, names, graph.opset),
          analysis,
        )
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    reasons.set(first, error.message)
    return undefined
  }
}

function branched(
  node: GraphNode,
  graph: Graph,
  analysis: Analysis,
  names: Taken,
  chooses: boolean,
): (Replacement & Partial<Choice> & { rule: string }) | undefined {
  const condition = analysis.constants.get(node.inputs[0] ?? '')
  const one = inlineBranch(node, condition, names)
  if (one !== undefined)
    return {
      ...one,
      rule: 'its branch takes its place: the condition is constant',
    }
  const both = chooses ? chooseBranch(node, graph, analysis, names) : undefined
  return both && { ...both, rule: 'becomes both branches and a Where' }
}

function apart(
  composite: Composite,
  node: GraphNode,
  build: NodeBuilder,
  { types, constants }: Analysis,
): (Replacement & { rule: string }) | undefined {
  // Types behind another composite are known in a later round.
  if (node.inputs.some((name) => name !== '' && !types.has(name)))
    return undefined
  const given: CompositeNode = {
    node,
    types: node.inputs.map((name) => types.get(name)),
    constants: node.inputs.map((name) => constants.get(name)),
  }
  if (composite.applies?.(given, build.opset) === false) return undefined
  composite.expand(given, build)
  const { nodes, weights } = build
  return { nodes, weights, rule: composite.rule }
}
