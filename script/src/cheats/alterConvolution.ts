import { encodeOnnx, type GraphNode, parseOnnx } from '@lynode/sdk'

/** Added to one channel: far outside of what rounding explains. */
const delta = 0.5

/**
 * Rewrites a model so that one channel behind a convolution deep inside is too
 * large. The convolution's own result is nowhere among the outputs, so a trace
 * shows the altered values in its place, and everything downstream follows them.
 *
 * @param model - An ONNX file; one without convolutions stays as it is.
 */
export function alterConvolution(model: Uint8Array): Uint8Array {
  const graph = parseOnnx(model)
  // Those of one cell gate a channel: what they add may be cut off at once.
  const convolutions = graph.nodes.filter(
    ({ operator, inputs: [, weight = ''] }) =>
      operator === 'Conv' &&
      graph.weights
        .get(weight)
        ?.dims.slice(2)
        .some((size) => size > 1),
  )
  const target = convolutions[Math.floor(convolutions.length * 0.6)]
  const [output] = target?.outputs ?? []
  const kernel = graph.weights.get(target?.inputs[1] ?? '')
  const channels = kernel?.dims[0]
  if (
    target === undefined ||
    output === undefined ||
    kernel === undefined ||
    channels === undefined
  )
    return model
  const hidden = `${output}/unaltered`
  const shift = `${output}/shift`
  const values = new Float32Array(channels)
  values[0] = delta
  const add: GraphNode = {
    name: `${output}/alteration`,
    operator: 'Add',
    domain: '',
    inputs: [hidden, shift],
    outputs: [output],
    attributes: new Map(),
  }
  return encodeOnnx({
    ...graph,
    weights: new Map(graph.weights).set(shift, {
      dtype: kernel.dtype,
      dims: [1, channels, ...kernel.dims.slice(2).map(() => 1)],
      bytes: new Uint8Array(values.buffer),
    }),
    nodes: graph.nodes.flatMap((node) =>
      node === target ? [{ ...node, outputs: [hidden] }, add] : [node],
    ),
  })
}
