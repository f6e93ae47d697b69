import type { Arithmetic, ManifestNode, TensorType } from '@lynode/sdk'

/**
 * A value of a run: row-major elements. Integers and bools of the models here are
 * below 2^24, so float32 holds them.
 */
export type Value = { dims: readonly number[]; data: Float32Array }

/** A result in float64 and, where a bound leaves room, the ends of what it accepts. */
export type Result = {
  data: Float64Array
  low?: Float64Array | undefined
  high?: Float64Array | undefined
}

/** A node with the types of its operands. */
export type Step = {
  node: ManifestNode
  /** `undefined` for an absent optional input. */
  inputs: readonly (TensorType | undefined)[]
  output: TensorType
  /** Which inputs are activations, and not constants of the model. */
  moving: readonly boolean[]
}

/** One node as a function that can be differentiated. */
export type Kernel = {
  /**
   * @param arithmetic What an honest machine may compute the node with; without
   * it no room is worked out.
   */
  forward(inputs: readonly Value[], arithmetic?: Arithmetic): Result
  /**
   * Gradient with respect to each input, `undefined` for constants and where none
   * passes.
   *
   * @param given Gradient with respect to the output.
   */
  pull(
    inputs: readonly Value[],
    output: Value,
    given: Float64Array,
  ): (Float64Array | undefined)[]
}

/** Makes the kernel of a node; what follows from types alone is worked out once. */
export type KernelOf = (step: Step) => Kernel

/** Elements of a shape. */
export function countOf(dims: readonly number[]): number {
  return dims.reduce((count, dim) => count * dim, 1)
}
