import type { OperatorAttribute } from '../operators/operator.js'
import { elementCount } from '../tensor/tensorType.js'
import { type Dtype, dtypes } from '../types/tensorType.js'
import { encodeOnnx } from './encodeOnnx.js'
import type { GraphTensor } from './graph.js'

/** A small model, written down: see {@link buildModel}. */
export type ModelParts = {
  opset?: number
  /** Shapes of float32 inputs; 0 for a dynamic size. */
  inputs: Readonly<Record<string, readonly number[]>>
  outputs: readonly string[]
  weights?: Readonly<Record<string, GraphTensor>>
  /** Operator (with its domain, if any: `com.example::Foo`), inputs, outputs, attributes. */
  nodes: readonly [
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes?: Readonly<Record<string, OperatorAttribute>>,
  ][]
  metadata?: Readonly<Record<string, string>>
}

/**
 * An ONNX file of a small model, for tests and vectors.
 *
 * @example
 * const relu = buildModel({
 *   inputs: { x: [1, 4] },
 *   outputs: ['y'],
 *   nodes: [['Relu', ['x'], ['y']]],
 * })
 */
export function buildModel(parts: ModelParts): Uint8Array {
  return encodeOnnx({
    opset: parts.opset ?? 13,
    irVersion: 8,
    inputs: Object.entries(parts.inputs).map(([name, dims]) => ({
      name,
      dtype: dtypes.float32,
      dims: dims.map((dim) => (dim === 0 ? undefined : dim)),
    })),
    outputs: parts.outputs,
    weights: new Map(Object.entries(parts.weights ?? {})),
    nodes: parts.nodes.map(([operator, inputs, outputs, attributes]) => {
      const [domain = '', name = ''] = operator.includes('::')
        ? operator.split('::')
        : ['', operator]
      return {
        name: '',
        operator: name,
        domain,
        inputs,
        outputs,
        attributes: new Map(Object.entries(attributes ?? {})),
      }
    }),
    declared: new Map(
      parts.outputs.map((name) => [
        name,
        { name, dtype: dtypes.float32, dims: undefined },
      ]),
    ),
    metadata: new Map(Object.entries(parts.metadata ?? {})),
  })
}

/** A float32 constant. */
export function floats(
  dims: readonly number[],
  values: readonly number[],
): GraphTensor {
  return tensor(dtypes.float32, dims, Float32Array.from(values))
}

/** An int64 constant vector. */
export function int64s(values: readonly number[]): GraphTensor {
  return tensor(
    dtypes.int64,
    [values.length],
    BigInt64Array.from(values.map(BigInt)),
  )
}

function tensor(
  dtype: Dtype,
  dims: readonly number[],
  view: ArrayBufferView,
): GraphTensor {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  const expected = elementCount(dims)
  if (bytes.length % expected !== 0) throw new RangeError(`not [${dims}]`)
  return { dtype, dims, bytes }
}
