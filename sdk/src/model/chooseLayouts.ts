import type { Graph, GraphNode, GraphTensor } from '../onnx/graph.js'
import { identityPerm } from '../tensor/tensorType.js'
import type { Analysis } from './analyseGraph.js'
import { identity } from './separateOutputs.js'
import { freshName } from './simplifyGraph.js'

type Perm = readonly number[]

/** One place where a node reads a value. */
type Use = { node: number; input: number; wish: Perm | undefined }

/**
 * Gives each value the commitment order that its consumers read contiguously
 * (B3). Where they disagree, a weight is duplicated and any other value is
 * copied by an Identity that is committed in the other order.
 *
 * @param carry Output name -> input name: both are committed alike, since the
 * one tensor is the other of the next step.
 * @returns The graph with what was inserted, and the orders that are not the
 * tensors' own.
 */
export function chooseLayouts(
  graph: Graph,
  analysis: Analysis,
  carry: ReadonlyMap<string, string>,
): { graph: Graph; perms: Map<string, Perm> } {
  const uses = usesOf(graph, analysis)
  const nodes: GraphNode[] = graph.nodes.map((node) => ({ ...node }))
  const weights = new Map<string, GraphTensor>(graph.weights)
  const perms = new Map<string, Perm>()
  const copies = new Map<string, GraphNode[]>()
  const dimsOf = (name: string) => analysis.types.get(name)?.dims ?? []
  const redirect = ({ node, input }: Use, name: string): void => {
    const inputs = [...nodes[node]!.inputs]
    inputs[input] = name
    nodes[node] = { ...nodes[node]!, inputs }
  }

  const fixed = new Map<string, Perm>()
  const order = [
    ...graph.inputs.map((input) => input.name),
    ...graph.weights.keys(),
    ...graph.nodes.flatMap((node) => node.outputs),
  ]
  for (const name of order) {
    const dims = dimsOf(name)
    const wishes = distinctWishes(uses.get(name) ?? [], dims)
    const chosen = fixed.get(name) ?? wishes[0]?.perm
    if (chosen !== undefined) perms.set(name, chosen)
    // What the next step reads as an input is committed like that input.
    for (const [output, input] of carry)
      if (input === name) fixed.set(output, chosen ?? identityPerm(dims.length))

    for (const wish of wishes) {
      if (chosen === undefined || sameOrder(wish.perm, chosen, dims)) continue
      const suffix = wish.perm.join('')
      const copy = freshName(`${name}_as_${suffix}`, [analysis.types, perms])
      perms.set(copy, wish.perm)
      for (const use of wish.uses) redirect(use, copy)
      const weight = graph.weights.get(name)
      if (weight !== undefined) weights.set(copy, weight)
      else copies.set(name, [...(copies.get(name) ?? []), identity(name, copy)])
    }
  }
  const inserted = (name: string) => copies.get(name) ?? []
  return {
    graph: {
      ...graph,
      weights,
      nodes: [
        ...graph.inputs.flatMap((input) => inserted(input.name)),
        ...nodes.flatMap((node) => [node, ...node.outputs.flatMap(inserted)]),
      ],
    },
    perms: new Map(
      [...perms].filter(([, perm]) => perm.some((axis, k) => axis !== k)),
    ),
  }
}

/** Where each value is read as an operand. */
function usesOf(graph: Graph, analysis: Analysis): Map<string, Use[]> {
  const uses = new Map<string, Use[]>()
  graph.nodes.forEach((node, index) => {
    const verdict = analysis.verdicts[index]!
    if (verdict.kind !== 'checked') return
    verdict.form.inputs.forEach((input, kept) => {
      const name = node.inputs[input]
      if (name === undefined || name === '') return
      const list = uses.get(name) ?? []
      list.push({ node: index, input, wish: verdict.form.layouts[kept] })
      uses.set(name, list)
    })
  })
  return uses
}

/** The orders asked for, the most wanted first; uses without a wish take any. */
function distinctWishes(
  uses: readonly Use[],
  dims: readonly number[],
): { perm: Perm; uses: Use[] }[] {
  const wishes: { perm: Perm; uses: Use[] }[] = []
  for (const use of uses) {
    const { wish } = use
    if (wish === undefined) continue
    const known = wishes.find(({ perm }) => sameOrder(perm, wish, dims))
    if (known === undefined) wishes.push({ perm: wish, uses: [use] })
    else known.uses.push(use)
  }
  return wishes.sort((a, b) => b.uses.length - a.uses.length)
}

/** Whether two orders give the same bytes: axes of size 1 do not count. */
function sameOrder(a: Perm, b: Perm, dims: readonly number[]): boolean {
  const longer = (perm: Perm) => perm.filter((axis) => dims[axis] !== 1)
  const [left, right] = [longer(a), longer(b)]
  return left.every((axis, k) => axis === right[k])
}
