/**
 * The cells of the input that one position of a sliding kernel covers, one
 * entry a spatial axis. Twin of `contracts/libraries/Window.sol`.
 */
export type Window = {
  /** Input coordinate of the first cell inside the input. */
  first: readonly number[]
  /** Position in the kernel of that cell. */
  kernel: readonly number[]
  /** Cells inside the input; may be 0. */
  counts: readonly number[]
  /** Distance between neighbouring cells. */
  dilations: readonly number[]
  /** Cells of the whole window inside the padded input. */
  padded: number
}

/**
 * The window at the spatial output coordinates `at`. `attributes` holds, from
 * `offset`, kernel, strides, dilations, begins and ends of all spatial axes.
 */
export function windowAt(
  attributes: readonly number[],
  offset: number,
  sizes: readonly number[],
  at: readonly number[],
): Window {
  const rank = sizes.length
  const attribute = (list: number, axis: number) =>
    attributes[offset + list * rank + axis] as number
  const axes = sizes.map((size, axis) => {
    const kernel = attribute(0, axis)
    const dilation = attribute(2, axis)
    const start = (at[axis] as number) * attribute(1, axis) - attribute(3, axis)
    const from = start < 0 ? Math.ceil(-start / dilation) : 0
    const below = (limit: number) =>
      limit <= start
        ? 0
        : Math.min(kernel, Math.ceil((limit - start) / dilation))
    return {
      first: start + from * dilation,
      kernel: from,
      count: Math.max(0, below(size) - from),
      dilation,
      padded: below(size + attribute(4, axis)),
    }
  })
  return {
    first: axes.map((axis) => axis.first),
    kernel: axes.map((axis) => axis.kernel),
    counts: axes.map((axis) => axis.count),
    dilations: axes.map((axis) => axis.dilation),
    padded: axes.reduce((total, axis) => total * axis.padded, 1),
  }
}
