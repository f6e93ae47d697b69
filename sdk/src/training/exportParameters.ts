import { encodeOnnx } from '../onnx/encodeOnnx.js'
import type { GraphTensor } from '../onnx/graph.js'
import { parseOnnx } from '../onnx/parseOnnx.js'
import type { FlatParameter } from './flatParameters.js'
import { unfitOptions } from './trainingErrors.js'

/**
 * The trained initialisers out of the flat vector, under their own names.
 *
 * @example
 * splitParameters(layout, new Uint8Array(48)).get('w')?.dims // [4, 3]
 */
export function splitParameters(
  layout: readonly FlatParameter[],
  values: Uint8Array,
): Map<string, GraphTensor> {
  const size = layout.reduce((total, entry) => total + entry.size, 0)
  if (values.length !== 4 * size)
    throw unfitOptions(`${values.length} bytes for ${size} parameters`)
  return new Map(
    layout.map(({ name, dims, offset, size: count }) => [
      name,
      {
        dtype: 1,
        dims,
        bytes: values.slice(4 * offset, 4 * (offset + count)),
      },
    ]),
  )
}

/**
 * The forward model with trained weights: a file that `model publish` takes.
 *
 * @example
 * const trained = trainedModel(source, layout, new Uint8Array(48))
 */
export function trainedModel(
  graph: Uint8Array,
  layout: readonly FlatParameter[],
  values: Uint8Array,
): Uint8Array {
  const source = parseOnnx(graph)
  return encodeOnnx({
    ...source,
    weights: new Map([...source.weights, ...splitParameters(layout, values)]),
  })
}
