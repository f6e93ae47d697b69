import { intOf, intsOf, stringOf } from './form.js'
import { OperatorError, type OperatorNode } from './operator.js'

/** A sliding kernel with its padding resolved, one entry a spatial axis. */
export type Spatial = {
  kernel: readonly number[]
  strides: readonly number[]
  dilations: readonly number[]
  begins: readonly number[]
  ends: readonly number[]
  /** Sizes of the output. */
  sizes: readonly number[]
}

/**
 * Kernel, strides, dilations and padding of a convolution or pool, with
 * `auto_pad` resolved, and the sizes of the output, with `ceil_mode` applied
 * (RULES C4). Throws `OperatorError` on a form that has no meaning or a window
 * without a cell of the input.
 */
export function spatialOf(
  node: OperatorNode,
  input: readonly number[],
  kernel: readonly number[],
): Spatial {
  const rank = input.length
  const strides = listOf(node, 'strides', rank)
  const dilations = listOf(node, 'dilations', rank)
  if (kernel.length !== rank)
    throw new OperatorError(`${node.operator}: kernel of rank ${kernel.length}`)
  for (const value of [...kernel, ...strides, ...dilations])
    if (!Number.isInteger(value) || value < 1)
      throw new OperatorError(
        `${node.operator}: kernel, strides and dilations must be positive`,
      )
  const extents = kernel.map(
    (size, axis) => (size - 1) * at(dilations, axis) + 1,
  )
  const { begins, ends } = paddingOf(node, input, extents, strides)
  const ceiling = intOf(node, 'ceil_mode', 0) !== 0
  const sizes = input.map((size, axis) => {
    const span = size + at(begins, axis) + at(ends, axis) - at(extents, axis)
    if (span < 0)
      throw new OperatorError(`${node.operator}: the kernel exceeds the input`)
    if (!ceiling) return Math.floor(span / at(strides, axis)) + 1
    const count = Math.ceil(span / at(strides, axis)) + 1
    // A last window must begin inside the input or its leading padding.
    return (count - 1) * at(strides, axis) >= size + at(begins, axis)
      ? count - 1
      : count
  })
  return { kernel, strides, dilations, begins, ends, sizes }
}

/** The attribute words of a sliding kernel (docs/protocol.md section 8). */
export function spatialWords(spatial: Spatial): number[] {
  const { kernel, strides, dilations, begins, ends } = spatial
  return [kernel, strides, dilations, begins, ends].flat()
}

/** Throws unless every window covers a cell of the input (RULES C4). */
export function requireCells(
  node: OperatorNode,
  input: readonly number[],
  spatial: Spatial,
): void {
  input.forEach((size, axis) => {
    for (let position = 0; position < at(spatial.sizes, axis); position++) {
      const start =
        position * at(spatial.strides, axis) - at(spatial.begins, axis)
      const dilation = at(spatial.dilations, axis)
      const first =
        start < 0 ? start + Math.ceil(-start / dilation) * dilation : start
      const last = start + (at(spatial.kernel, axis) - 1) * dilation
      if (first >= size || first > last)
        throw new OperatorError(
          `${node.operator}: a window holds nothing but padding`,
        )
    }
  })
}

function paddingOf(
  node: OperatorNode,
  input: readonly number[],
  extents: readonly number[],
  strides: readonly number[],
): { begins: number[]; ends: number[] } {
  const rank = input.length
  const mode = stringOf(node, 'auto_pad', 'NOTSET')
  if (mode === 'VALID')
    return { begins: input.map(() => 0), ends: input.map(() => 0) }
  if (mode === 'SAME_UPPER' || mode === 'SAME_LOWER') {
    const totals = input.map((size, axis) => {
      const stride = at(strides, axis)
      const windows = Math.ceil(size / stride)
      return Math.max(0, (windows - 1) * stride + at(extents, axis) - size)
    })
    const smaller = totals.map((total) => Math.floor(total / 2))
    const larger = totals.map((total) => Math.ceil(total / 2))
    return mode === 'SAME_UPPER'
      ? { begins: smaller, ends: larger }
      : { begins: larger, ends: smaller }
  }
  if (mode !== 'NOTSET')
    throw new OperatorError(`${node.operator}: auto_pad ${mode} is unknown`)
  const pads = intsOf(node, 'pads') ?? new Array<number>(2 * rank).fill(0)
  if (pads.length !== 2 * rank || pads.some((pad) => pad < 0))
    throw new OperatorError(`${node.operator}: pads [${pads}] have no checker`)
  return { begins: pads.slice(0, rank), ends: pads.slice(rank) }
}

function listOf(node: OperatorNode, name: string, rank: number): number[] {
  const list = intsOf(node, name) ?? new Array<number>(rank).fill(1)
  if (list.length !== rank)
    throw new OperatorError(
      `${node.operator}: ${name} of length ${list.length}`,
    )
  return list
}

function at(list: readonly number[], axis: number): number {
  return list[axis] as number
}
