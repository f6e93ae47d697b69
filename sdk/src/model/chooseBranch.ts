import type { Graph, GraphNode } from '../onnx/graph.js'
import { OperatorError } from '../operators/operator.js'
import { elementCount } from '../tensor/tensorType.js'
import { type Analysis, analyseGraph, describe } from './analyseGraph.js'
import { type Expansion, expandComposites } from './expandComposites.js'
import type { KnownType } from './foldNode.js'
import { branchOf, type Replacement, type Taken } from './inlineBranch.js'

/** Both branches of an If and what picks between them. */
export type Choice = Replacement & {
  /** Of composites within the branches. */
  expansions: readonly Expansion[]
  /** Of the results. */
  types: ReadonlyMap<string, KnownType>
}

/**
 * An If whose condition is data becomes both of its branches and a Where that
 * picks: every operator is total (C5), so the branch that is not taken harms
 * nothing. `undefined` where the node is none, or the type of something that it
 * reads is not known yet.
 *
 * @param graph The graph around.
 * @param taken What has a name in it.
 * @throws OperatorError when a branch cannot be judged, or the two give
 * different types.
 */
export function chooseBranch(
  node: GraphNode,
  graph: Graph,
  analysis: Pick<Analysis, 'types' | 'constants'>,
  taken: Taken,
): Choice | undefined {
  const condition = analysis.types.get(node.inputs[0] ?? '')
  const yes = branchOf(node, 'then_branch', taken)
  if (condition === undefined || yes === undefined) return undefined
  const added = namesIn(yes)
  const no = branchOf(node, 'else_branch', {
    has: (name) => taken.has(name) || added.has(name),
  })
  if (no === undefined) return undefined
  for (const name of namesIn(no)) added.add(name)
  const pairs = node.outputs.flatMap((name, i) =>
    name === ''
      ? []
      : [[name, yes.outputs[i] ?? '', no.outputs[i] ?? ''] as const],
  )

  const judged = judgedBranches(
    {
      weights: new Map([...yes.weights, ...no.weights]),
      nodes: [...yes.nodes, ...no.nodes],
    },
    pairs.flatMap(([, ...results]) => results),
    graph,
    analysis,
    { has: (name) => taken.has(name) || added.has(name) },
  )
  if (judged === undefined) return undefined
  const types = new Map<string, KnownType>()
  for (const [name, then, otherwise] of pairs) {
    const [a, b] = [judged.types.get(then), judged.types.get(otherwise)]
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
    types.set(name, a)
  }
  return {
    ...judged,
    types,
    nodes: [
      ...judged.nodes,
      ...pairs.map(([name, then, otherwise]) => ({
        name,
        operator: 'Where',
        domain: '',
        inputs: [node.inputs[0] ?? '', then, otherwise],
        outputs: [name],
        attributes: new Map(),
      })),
    ],
  }
}

function namesIn({ weights, nodes }: Replacement): Set<string> {
  return new Set([
    ...weights.keys(),
    ...nodes.flatMap(({ outputs }) => outputs),
  ])
}

/**
 * The branches with their own composites taken apart, and the types of what they
 * make. They are judged apart from the graph around, by the types of what they
 * read of it, so that each If is looked at once, however many there are.
 */
function judgedBranches(
  both: Replacement,
  results: readonly string[],
  graph: Graph,
  { types, constants }: Pick<Analysis, 'types' | 'constants'>,
  taken: Taken,
): Choice | undefined {
  const read = readAround(both.nodes, results, namesIn(both))
  const inputs: Graph['inputs'][number][] = []
  const weights = new Map(both.weights)
  for (const name of read) {
    const constant = constants.get(name)
    const type = types.get(name)
    if (constant !== undefined) weights.set(name, constant)
    else if (type !== undefined) inputs.push({ name, ...type })
    else return undefined
  }
  const trial = expandComposites(
    {
      ...graph,
      inputs,
      weights,
      nodes: [...both.nodes],
      outputs: [...new Set(results)],
    },
    taken,
  )
  const { nodes } = trial.graph
  const found = analyseGraph(trial.graph, 'source')
  nodes.forEach((inner, i) => {
    const verdict = found.verdicts[i]
    if (verdict?.kind !== 'refused') return
    throw new OperatorError(
      `its condition depends on an input that is no constant, and a branch holds ${describe(inner)}: ${trial.reasons.get(inner.outputs[0] ?? '') ?? verdict.reason}`,
    )
  })
  return {
    nodes,
    weights: new Map(
      [...trial.graph.weights].filter(([name]) => !read.has(name)),
    ),
    types: found.types,
    expansions: trial.expansions,
  }
}

/** What nodes, and graphs inside them, read that none of them makes. */
function readAround(
  nodes: readonly GraphNode[],
  results: readonly string[],
  made: ReadonlySet<string>,
): Set<string> {
  const read = new Set(
    [...nodes.flatMap(({ inputs }) => inputs), ...results].filter(
      (name) => name !== '' && !made.has(name),
    ),
  )
  for (const { attributes } of nodes)
    for (const attribute of attributes.values())
      if (attribute.type === 'graph') {
        const { value } = attribute
        const inside = new Set([...made, ...namesIn(value)])
        for (const name of value.inputs) inside.add(name)
        for (const name of readAround(value.nodes, value.outputs, inside))
          read.add(name)
      }
  return read
}
