import type { GraphAttribute, GraphNode, GraphTensor } from '../onnx/graph.js'
import { tensorData } from '../onnx/tensorData.js'
import { identity } from './separateOutputs.js'
import { freshName } from './simplifyGraph.js'

/** What takes the place of a node. */
export type Replacement = {
  nodes: readonly GraphNode[]
  weights: ReadonlyMap<string, GraphTensor>
}

/**
 * The branch of an If whose condition is constant, in place of it; `undefined`
 * where it is no such node.
 *
 * @param taken What has a name in the graph around.
 */
export function inlineBranch(
  node: GraphNode,
  condition: GraphTensor | undefined,
  taken: Taken,
): Replacement | undefined {
  if (condition === undefined) return undefined
  const chosen = Number(tensorData(condition)[0]) !== 0
  const branch = branchOf(node, chosen ? 'then_branch' : 'else_branch', taken)
  return (
    branch && {
      weights: branch.weights,
      nodes: [
        ...branch.nodes,
        ...node.outputs.flatMap((name, i) =>
          name === '' ? [] : [identity(branch.outputs[i] ?? '', name)],
        ),
      ],
    }
  )
}

/** Of a name made from others: within each other they would double it level by level. */
const longest = 100

export type Taken = { has(name: string): boolean }

/**
 * What a branch of an If computes, with names that nothing else has; `undefined`
 * where the node has no such branch.
 *
 * @param taken What has a name in the graph around.
 */
export function branchOf(
  node: GraphNode,
  which: 'then_branch' | 'else_branch',
  taken: Taken,
): (Replacement & { outputs: readonly string[] }) | undefined {
  const branch = node.attributes.get(which)
  if (node.operator !== 'If' || node.domain !== '' || branch?.type !== 'graph')
    return undefined
  const { nodes, weights, outputs, inputs } = branch.value
  if (inputs.length > 0 || outputs.length < node.outputs.length)
    return undefined

  // Both branches may use one name, and so may the graph around.
  const renamed = new Map<string, string>()
  const own = new Set([
    ...weights.keys(),
    ...nodes.flatMap((inner) => inner.outputs),
  ])
  const made = new Set<string>()
  for (const name of own)
    if (name !== '' && taken.has(name)) {
      const wanted = `${node.outputs[0]}_${name}`.slice(-longest)
      const fresh = freshName(wanted, [taken, own, made])
      made.add(fresh)
      renamed.set(name, fresh)
    }
  const nameOf = (name: string) => renamed.get(name) ?? name
  return {
    outputs: outputs.map(nameOf),
    weights: new Map(
      [...weights].map(([name, tensor]) => [nameOf(name), tensor]),
    ),
    nodes: nodes.map((inner) => renameIn(inner, nameOf)),
  }
}

/**
 * A node with other names, also where a graph inside it reads around itself. It
 * loses its own: nodes of different graphs may have the same, those of one may not.
 */
function renameIn(
  node: GraphNode,
  nameOf: (name: string) => string,
): GraphNode {
  return {
    ...node,
    name: '',
    inputs: node.inputs.map(nameOf),
    outputs: node.outputs.map(nameOf),
    attributes: new Map(
      [...node.attributes].map(
        ([name, attribute]): [string, GraphAttribute] => {
          if (attribute.type !== 'graph') return [name, attribute]
          const { value } = attribute
          return [
            name,
            {
              type: 'graph',
              value: {
                ...value,
                outputs: value.outputs.map(nameOf),
                nodes: value.nodes.map((inner) => renameIn(inner, nameOf)),
                weights: new Map(
                  [...value.weights].map(([key, tensor]) => [
                    nameOf(key),
                    tensor,
                  ]),
                ),
              },
            },
          ]
        },
      ),
    ),
  }
}
