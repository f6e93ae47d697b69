import { encodeOnnx } from '../onnx/encodeOnnx.js'
import type { GraphValue } from '../onnx/graph.js'
import { parseOnnx } from '../onnx/parseOnnx.js'
import { type Manifest, none } from '../types/manifest.js'

/**
 * Names of the committed activations, by trace index.
 *
 * @example
 * traceNames(manifest) // names of the activations
 */
export function traceNames(manifest: Manifest): string[] {
  return manifest.values.flatMap((value) =>
    value.kind === 'activation' ? [value.name] : [],
  )
}

/**
 * The canonical model with all its activations declared as outputs, after its
 * own: the only way to see them in ONNX Runtime.
 *
 * @example
 * const traced = traceModel(file, manifest)
 */
export function traceModel(bytes: Uint8Array, manifest: Manifest): Uint8Array {
  return modelWithOutputs(bytes, traceNames(manifest))
}

/**
 * A model with further values declared as outputs, after its own.
 *
 * @example
 * const probe = modelWithOutputs(file, traceNames(manifest))
 */
export function modelWithOutputs(
  bytes: Uint8Array,
  names: readonly string[],
): Uint8Array {
  const graph = parseOnnx(bytes)
  return encodeOnnx({
    ...graph,
    outputs: [...graph.outputs, ...names],
    metadata: new Map(),
  })
}

/**
 * One node as a model of its own, to run it again on given operands: what is
 * not a weight becomes an input, under its own name. Weights stay weights, so
 * that the runtime prepares them as in the whole model. Where an operand is
 * derived (B5), the nodes that it comes from are part of the model.
 *
 * @param node Node index of the manifest.
 * @example
 * const first = nodeModel(file, manifest, 0)
 */
export function nodeModel(
  bytes: Uint8Array,
  manifest: Manifest,
  node: number,
): Uint8Array {
  return nodeModels(bytes, manifest)(node)
}

/**
 * As {@link nodeModel}, for many nodes of one model that is read once.
 *
 * @example
 * const modelOf = nodeModels(file, manifest)
 * const first = modelOf(0)
 */
export function nodeModels(
  bytes: Uint8Array,
  manifest: Manifest,
): (node: number) => Uint8Array {
  const graph = parseOnnx(bytes)
  const types = new Map<string, GraphValue>(
    manifest.values.map(({ name, type }) => [name, { name, ...type }]),
  )
  return (index) => {
    const node = graph.nodes[index]
    if (node === undefined) throw new RangeError(`no node ${index}`)
    const nodes = chainOf(manifest, index).map((at) => graph.nodes[at]!)
    const made = new Set(nodes.flatMap(({ outputs }) => outputs))
    const read = [...new Set(nodes.flatMap(({ inputs }) => inputs))].filter(
      (name) => name !== '' && !made.has(name),
    )
    return encodeOnnx({
      ...graph,
      inputs: read.flatMap((name) =>
        graph.weights.has(name) ? [] : [types.get(name)!],
      ),
      outputs: node.outputs,
      weights: new Map(
        read.flatMap((name) => {
          const tensor = graph.weights.get(name)
          return tensor === undefined ? [] : [[name, tensor]]
        }),
      ),
      nodes,
      declared: new Map([...made].map((name) => [name, types.get(name)!])),
      metadata: new Map(),
    })
  }
}

/** A node and those behind its derived operands, in the order of the graph. */
export function chainOf(manifest: Manifest, node: number): number[] {
  const chain = new Set<number>()
  const pending = [node]
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    if (chain.has(index)) continue
    chain.add(index)
    for (const input of manifest.nodes[index]?.inputs ?? []) {
      const value = manifest.values[input]
      if (value?.kind === 'derived') pending.push(value.node)
    }
  }
  return [...chain].sort((a, b) => a - b)
}

/**
 * The committed values that a node's results follow from: its operands, and
 * behind derived ones theirs.
 *
 * @example
 * committedOperands(manifest, 0) // indices of values
 */
export function committedOperands(manifest: Manifest, node: number): number[] {
  const operands = chainOf(manifest, node).flatMap(
    (index) => manifest.nodes[index]?.inputs ?? [],
  )
  return [...new Set(operands)].filter(
    (input) => input !== none && manifest.values[input]?.kind !== 'derived',
  )
}
