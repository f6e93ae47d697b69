import { quote } from '../model/checkSize.js'
import type { Graph, GraphTensor } from '../onnx/graph.js'
import { elementCount } from '../tensor/tensorType.js'
import { dtypes } from '../types/tensorType.js'
import { unfitOptions } from './trainingErrors.js'

/** One trained initialiser in the flat vector. */
export type FlatParameter = {
  name: string
  dims: readonly number[]
  /** First element, and how many. */
  offset: number
  size: number
}

/**
 * Lays the initialisers to train one after the other, in the file's order. Single
 * numbers are constants of formulas unless they are named.
 *
 * @throws LynodeError LY-TRN-002 when a name is none, or nothing is left to train.
 */
export function flatParameters(
  graph: Graph,
  trainable: readonly string[] | ((name: string) => boolean) = () => true,
): FlatParameter[] {
  const named = typeof trainable !== 'function'
  if (named)
    for (const name of trainable)
      if (graph.weights.get(name)?.dtype !== dtypes.float32)
        throw unfitOptions(`${quote(name)} is no float32 initialiser`)
  const frozen = statistics(graph)
  let offset = 0
  const layout: FlatParameter[] = []
  for (const [name, { dtype, dims }] of graph.weights) {
    if (dtype !== dtypes.float32) continue
    const size = elementCount(dims)
    const chosen = named
      ? trainable.includes(name)
      : size > 1 && !frozen.has(name) && trainable(name)
    if (!chosen) continue
    layout.push({ name, dims, offset, size })
    offset += size
  }
  if (layout.length === 0) throw unfitOptions('nothing is left to train')
  return layout
}

/** The initial values, flat. */
export function flatValues(
  graph: Graph,
  layout: readonly FlatParameter[],
): GraphTensor {
  const size = layout.reduce((total, entry) => total + entry.size, 0)
  const bytes = new Uint8Array(4 * size)
  for (const { name, offset } of layout) {
    const tensor = graph.weights.get(name)
    if (tensor !== undefined) bytes.set(tensor.bytes, 4 * offset)
  }
  return { dtype: dtypes.float32, dims: [size], bytes }
}

/**
 * Initialisers that are no parameters of a model: those of batch normalisation,
 * which stay as they were exported, and limits or exponents, whose operators
 * want constants.
 */
function statistics(graph: Graph): Set<string> {
  return new Set(
    graph.nodes.flatMap(({ operator, inputs }) =>
      operator === 'BatchNormalization' ||
      operator === 'Clip' ||
      operator === 'Pow' ||
      operator === 'Pad'
        ? inputs.slice(1)
        : [],
    ),
  )
}
