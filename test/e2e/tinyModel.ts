import { dtypes, encodeOnnx, type GraphNode } from '@lynode/sdk'

const tinyWeights = [1, -1, 0, 2, 0, 1, 0, 1, -2, 1, 1, 1]

/** `y = Relu(x W)` with x of 1 x 4 and y of 1 x 3, as an ONNX file. */
export function tinyModel(
  dims: readonly (number | undefined)[] = [1, 4],
  activation = 'Relu',
  weights: readonly number[] = tinyWeights,
): Uint8Array {
  return encodeOnnx({
    opset: 17,
    irVersion: 8,
    inputs: [{ name: 'x', dtype: dtypes.float32, dims }],
    outputs: ['y'],
    weights: new Map([
      [
        'w',
        {
          dtype: dtypes.float32,
          dims: [4, 3],
          bytes: bytesOf(weights),
        },
      ],
    ]),
    nodes: [
      node('product', 'MatMul', ['x', 'w'], 'h'),
      node('activation', activation, ['h'], 'y'),
    ],
    declared: new Map([
      ['y', { name: 'y', dtype: dtypes.float32, dims: [1, 3] }],
    ]),
    metadata: new Map(),
  })
}

/** What the model gives for `x`, in exact arithmetic. */
export function tinyResult(x: readonly number[]): number[] {
  return [0, 1, 2].map((column) =>
    Math.max(
      0,
      x.reduce(
        (sum, value, row) => sum + value * (tinyWeights[row * 3 + column] ?? 0),
        0,
      ),
    ),
  )
}

/** float32 bytes, little-endian. */
export function bytesOf(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer)
}

function node(
  name: string,
  operator: string,
  inputs: readonly string[],
  output: string,
): GraphNode {
  return {
    name,
    operator,
    domain: '',
    inputs,
    outputs: [output],
    attributes: new Map(),
  }
}
