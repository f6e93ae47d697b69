/**
 * How an honest machine may compute a node, by the model's numeric profile
 * (docs/protocol.md section 3). Twin of the enum `Arithmetic` in Solidity.
 *
 * @example
 * const most = roundingsOf(4_096, arithmetics.blocked) // 272
 */
export const arithmetics: {
  /** Each operation rounded once, sums in any order. */
  readonly plain: 0
  /** The same, and a product by a matrix of weights in runs of terms. */
  readonly blocked: 1
  /** As WebGPU's shading language allows (docs/operators.md, "WebGPU"). */
  readonly wgsl: 2
} = { plain: 0, blocked: 1, wgsl: 2 }

/** One of {@link arithmetics}. */
export type Arithmetic = (typeof arithmetics)[keyof typeof arithmetics]
