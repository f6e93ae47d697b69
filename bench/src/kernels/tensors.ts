import { dtypes, type GraphTensor, type OperatorAttribute } from '@lynode/sdk'

/** A constant of ones. */
export function ones(...dims: number[]): GraphTensor {
  const count = dims.reduce((product, dim) => product * dim, 1)
  const bytes = new Uint8Array(new Float32Array(count).fill(1).buffer)
  return { dtype: dtypes.float32, dims, bytes }
}

/** A constant vector of int64: a shape, axes. */
export function int64s(...values: number[]): GraphTensor {
  const bytes = new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer)
  return { dtype: dtypes.int64, dims: [values.length], bytes }
}

/** An integer attribute. */
export function int(value: number): OperatorAttribute {
  return { type: 'int', value: BigInt(value) }
}

/** An attribute of integers. */
export function ints(...values: number[]): OperatorAttribute {
  return { type: 'ints', value: values.map(BigInt) }
}
