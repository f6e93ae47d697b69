import { dtypes, type GraphTensor } from '@lynode/sdk'

/** A tensor of float32 numbers, given by their place in row-major order. */
export function floatTensor(
  dims: number[],
  value: (i: number) => number,
): GraphTensor {
  const length = dims.reduce((product, dim) => product * dim, 1)
  const values = Float32Array.from({ length }, (_, i) => value(i))
  return { dtype: dtypes.float32, dims, bytes: new Uint8Array(values.buffer) }
}
