import { encodeOnnx } from '../onnx/encodeOnnx.js'
import type { GraphValue } from '../onnx/graph.js'
import { parseOnnx } from '../onnx/parseOnnx.js'
import type { Manifest } from '../types/manifest.js'

/** Names of the committed activations, by trace index. */
export function traceNames(manifest: Manifest): string[] {
  return manifest.values.flatMap((value) =>
    value.kind === 'activation' ? [value.name] : [],
  )
}

/**
 * The canonical model with all its activations declared as outputs, after its
 * own: the only way to see them in ONNX Runtime.
 */
export function traceModel(bytes: Uint8Array, manifest: Manifest): Uint8Array {
  const graph = parseOnnx(bytes)
  return encodeOnnx({
    ...graph,
    outputs: [...graph.outputs, ...traceNames(manifest)],
    metadata: new Map(),
  })
}

/**
 * One node as a model of its own, to run it again on given operands: what is
 * not a weight becomes an input, under its own name. Weights stay weights, so
 * that the runtime prepares them as in the whole model.
 *
 * @param node Node index of the manifest.
 */
export function nodeModel(
  bytes: Uint8Array,
  manifest: Manifest,
  node: number,
): Uint8Array {
  return nodeModels(bytes, manifest)(node)
}

/** As {@link nodeModel}, for many nodes of one model that is read once. */
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
    const read = [...new Set(node.inputs)].filter((name) => name !== '')
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
      nodes: [node],
      declared: new Map(
        node.outputs.map((name) => [name, types.get(name)!] as const),
      ),
      metadata: new Map(),
    })
  }
}
