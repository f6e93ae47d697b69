import type { Graph, GraphNode, GraphTensor } from '../onnx/graph.js'
import { tensorData } from '../onnx/tensorData.js'
import { dtypes } from '../types/tensorType.js'
import type { Analysis } from './analyseGraph.js'
import { describe } from './analyseGraph.js'
import { boundOperands } from './boundOperands.js'
import { refused } from './modelErrors.js'
import { identity } from './separateOutputs.js'

/** Operators whose results after the first are optional and change nothing when left out. */
const optionalResults = new Set([
  'BatchNormalization',
  'Dropout',
  'LayerNormalization',
  'MaxPool',
])

/**
 * Replaces what has no opcode: folded nodes become weights, batch normalisation
 * becomes Mul and Add, Dropout and Identity disappear, indices are clipped (C5),
 * and nothing is left that the outputs do not need.
 *
 * @throws LynodeError LY-MDL-003 when a batch normalisation has no constant parameters.
 */
export function simplifyGraph(graph: Graph, analysis: Analysis): Graph {
  const weights = new Map(graph.weights)
  const outputs = new Set(graph.outputs)
  const alias = new Map<string, string>()
  const read = new Set([
    ...graph.outputs,
    ...graph.nodes.flatMap((node) => node.inputs),
  ])
  const nodes: GraphNode[] = []
  const producers = new Map(
    graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node])),
  )
  graph.nodes.forEach((original, i) => {
    const verdict = analysis.verdicts[i]!
    const node = {
      ...original,
      inputs: original.inputs.map((name) => alias.get(name) ?? name),
    }
    const result = node.outputs[0] ?? ''
    if (verdict.kind === 'folded') {
      const name = outputs.has(result)
        ? freshName(`${result}_constant`, [analysis.types, weights])
        : result
      weights.set(name, verdict.value)
      if (name !== result) nodes.push(identity(name, result))
    } else if (node.operator === 'Dropout' || node.operator === 'Identity') {
      if (node.outputs.slice(1).some((name) => read.has(name)))
        throw refused(`${describe(node)}: its mask is used`)
      if (outputs.has(result))
        nodes.push({
          ...node,
          operator: 'Identity',
          inputs: node.inputs.slice(0, 1),
          outputs: [result],
          attributes: new Map(),
        })
      else alias.set(result, node.inputs[0]!)
    } else if (node.operator === 'BatchNormalization') {
      nodes.push(...splitBatchNormalization(node, analysis, weights))
    } else if (verdict.kind === 'checked') {
      const bounds = { ...analysis, producers }
      nodes.push(...boundOperands(node, verdict.form, bounds, weights))
    } else nodes.push(node)
  })
  return keepNeeded({ ...graph, weights, nodes })
}

/** Drops nodes, optional results and weights that no output needs. */
export function keepNeeded(graph: Graph): Graph {
  const needed = new Set(graph.outputs)
  const kept: GraphNode[] = []
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i]!
    if (!node.outputs.some((name) => needed.has(name))) continue
    const outputs =
      optionalResults.has(node.operator) &&
      !node.outputs.slice(1).some((name) => needed.has(name))
        ? node.outputs.slice(0, 1)
        : node.outputs
    kept.push({ ...node, outputs })
    for (const name of node.inputs) needed.add(name)
  }
  return {
    ...graph,
    nodes: kept.reverse(),
    weights: new Map([...graph.weights].filter(([name]) => needed.has(name))),
  }
}

/**
 * `y = scale (x - mean) / sqrt(variance + epsilon) + bias` as one Mul and one Add
 * with constants, computed in float64 and rounded once.
 */
function splitBatchNormalization(
  node: GraphNode,
  analysis: Analysis,
  weights: Map<string, GraphTensor>,
): GraphNode[] {
  const [x = '', ...names] = node.inputs
  const type = analysis.types.get(x)
  const parameters = names.map((name) => analysis.constants.get(name))
  const [scale, bias, mean, variance] = parameters.map(
    (tensor) => tensor && Array.from(tensorData(tensor), Number),
  )
  if (
    !scale ||
    !bias ||
    !mean ||
    !variance ||
    type?.dtype !== dtypes.float32 ||
    parameters.some((tensor) => tensor?.dtype !== dtypes.float32)
  )
    throw refused(`${describe(node)}: its parameters are not float32 constants`)
  const epsilon = node.attributes.get('epsilon')
  const e = epsilon?.type === 'float' ? epsilon.value : Math.fround(1e-5)
  const factor = scale.map((s, c) => s / Math.sqrt(variance[c]! + e))
  const shift = bias.map((b, c) => b - mean[c]! * factor[c]!)

  const result = node.outputs[0]!
  const rank = type.dims.length
  const constant = (suffix: string, values: readonly number[]): string => {
    const name = freshName(`${result}_${suffix}`, [weights, analysis.types])
    weights.set(name, {
      dtype: dtypes.float32,
      dims: [
        values.length,
        ...new Array<number>(Math.max(0, rank - 2)).fill(1),
      ],
      bytes: new Uint8Array(Float32Array.from(values).buffer),
    })
    return name
  }
  const scaled = freshName(`${result}_scaled`, [analysis.types])
  const made = (operator: string, inputs: string[], output: string) => ({
    name: `${node.name || result}_${operator}`,
    operator,
    domain: '',
    inputs,
    outputs: [output],
    attributes: new Map(),
  })
  return [
    made('Mul', [x, constant('scale', factor)], scaled),
    made('Add', [scaled, constant('shift', shift)], result),
  ]
}

/** A name that none of the maps has yet. */
export function freshName(
  wanted: string,
  taken: readonly { has(name: string): boolean }[],
): string {
  let name = wanted
  for (let i = 1; taken.some((map) => map.has(name)); i++)
    name = `${wanted}_${i}`
  return name
}
