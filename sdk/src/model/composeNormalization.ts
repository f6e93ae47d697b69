import type { Graph, GraphAttribute, GraphNode } from '../onnx/graph.js'
import { tensorData } from '../onnx/tensorData.js'
import { dtypes } from '../types/tensorType.js'
import { type Analysis, analyseGraph } from './analyseGraph.js'
import { keepNeeded } from './simplifyGraph.js'

/**
 * Puts the one standard operator in the place of a LayerNormalization that was
 * exported in parts (mean, distance, mean of squares, root, quotient, scale,
 * bias), where it is the same function of the real numbers. The runtime fuses
 * the parts at level `all`, and then none of them can be committed (DESIGN
 * section 5).
 */
export function composeNormalization(graph: Graph): Graph {
  if (!graph.nodes.some(({ operator }) => operator === 'Sqrt')) return graph
  const analysis = analyseGraph(graph, 'source')
  const finder = new PatternFinder(graph, analysis)
  const composed = new Map<GraphNode, GraphNode>()
  for (const node of graph.nodes) {
    const normalization = finder.normalizationAt(node)
    if (normalization !== undefined) composed.set(node, normalization)
  }
  if (composed.size === 0) return graph
  return keepNeeded({
    ...graph,
    nodes: graph.nodes.map((node) => composed.get(node) ?? node),
  })
}

class PatternFinder {
  readonly #analysis: Analysis
  readonly #producers = new Map<string, GraphNode>()
  readonly #readers = new Map<string, number>()

  constructor(graph: Graph, analysis: Analysis) {
    this.#analysis = analysis
    for (const node of graph.nodes) {
      for (const name of node.outputs) this.#producers.set(name, node)
      for (const name of node.inputs)
        this.#readers.set(name, (this.#readers.get(name) ?? 0) + 1)
    }
    for (const name of graph.outputs)
      this.#readers.set(name, (this.#readers.get(name) ?? 0) + 1)
  }

  /** What a node that adds the bias stands for, if it ends a LayerNormalization. */
  normalizationAt(end: GraphNode): GraphNode | undefined {
    for (const [scaled, bias] of this.#operands(end, 'Add')) {
      const scaling = this.#made(scaled, 'Mul', 1)
      if (scaling === undefined) continue
      for (const [normal, scale] of this.#operands(scaling, 'Mul')) {
        const found = this.#normal(normal)
        if (found === undefined) continue
        const { x, epsilon } = found
        const width = this.#dims(x)?.at(-1)
        if (!this.#isRow(scale, width) || !this.#isRow(bias, width)) continue
        return {
          name: end.name,
          operator: 'LayerNormalization',
          domain: '',
          inputs: [x, scale, bias],
          outputs: end.outputs,
          attributes: new Map<string, GraphAttribute>([
            ['axis', { type: 'int', value: -1n }],
            ['epsilon', { type: 'float', value: epsilon }],
          ]),
        }
      }
    }
    return undefined
  }

  /** `(x - mean) / sqrt(mean of squares + epsilon)`, each part read here alone. */
  #normal(name: string): { x: string; epsilon: number } | undefined {
    const quotient = this.#made(name, 'Div', 1)
    const [distance = '', deviation = ''] = quotient?.inputs ?? []
    const subtraction = this.#made(distance, 'Sub')
    const root = this.#made(deviation, 'Sqrt', 1)
    if (subtraction === undefined || root === undefined) return undefined
    const [x = '', mean = ''] = subtraction.inputs
    if (this.#meanOf(mean) !== x) return undefined
    const sum = this.#made(root.inputs[0] ?? '', 'Add', 1)
    if (sum === undefined) return undefined
    for (const [variance, constant] of this.#operands(sum, 'Add')) {
      const epsilon = this.#number(constant)
      const squares = this.#meanOf(variance)
      if (epsilon === undefined || squares === undefined) continue
      const square = this.#made(squares, 'Pow', 1)
      if (square?.inputs[0] !== distance) continue
      if (this.#number(square.inputs[1] ?? '') !== 2) continue
      // The distance is read by the square and the quotient alone.
      if (this.#readers.get(distance) === 2) return { x, epsilon }
    }
    return undefined
  }

  /** What a value is the mean of, over the last axis, which stays. */
  #meanOf(name: string): string | undefined {
    const node = this.#made(name, 'ReduceMean', 1)
    const x = node?.inputs[0]
    const rank = x === undefined ? undefined : this.#dims(x)?.length
    if (node === undefined || x === undefined || rank === undefined)
      return undefined
    const keep = node.attributes.get('keepdims')
    if (keep?.type === 'int' && keep.value !== 1n) return undefined
    const listed = node.attributes.get('axes')
    const given = this.#analysis.constants.get(node.inputs[1] ?? '')
    const axes =
      listed?.type === 'ints'
        ? listed.value.map(Number)
        : given && Array.from(tensorData(given), Number)
    const [axis, ...more] = axes ?? []
    return more.length === 0 && (axis === -1 || axis === rank - 1)
      ? x
      : undefined
  }

  /** The node that makes a value, if it is this operator and read so often. */
  #made(
    name: string,
    operator: string,
    readers?: number,
  ): GraphNode | undefined {
    const node = this.#producers.get(name)
    return node?.operator === operator &&
      node.domain === '' &&
      (readers === undefined || this.#readers.get(name) === readers)
      ? node
      : undefined
  }

  /** Both orders of a commutative node's operands. */
  #operands(node: GraphNode, operator: string): [string, string][] {
    const [a, b] = node.inputs
    if (node.operator !== operator || a === undefined || b === undefined)
      return []
    return [
      [a, b],
      [b, a],
    ]
  }

  /** A float32 constant of one element. */
  #number(name: string): number | undefined {
    const tensor = this.#analysis.constants.get(name)
    if (tensor?.dtype !== dtypes.float32) return undefined
    const [value, ...more] = Array.from(tensorData(tensor), Number)
    return more.length === 0 ? value : undefined
  }

  /** A float32 constant with an element for each of the last axis. */
  #isRow(name: string, width: number | undefined): boolean {
    const tensor = this.#analysis.constants.get(name)
    return (
      tensor?.dtype === dtypes.float32 &&
      tensor.dims.length === 1 &&
      tensor.dims[0] === width
    )
  }

  #dims(name: string): readonly number[] | undefined {
    return this.#analysis.types.get(name)?.dims
  }
}
