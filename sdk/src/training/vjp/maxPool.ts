import { dtypes } from '../../types/tensorType.js'
import { unslice } from '../unslice.js'
import { intOf, intsOf, noGradient, type Rule, textOf } from './rule.js'

/** Padding that no element is below. */
const lowest = -3.4028234663852886e38

/**
 * MaxPool: the gradient of a window goes to its greatest element, of equal ones
 * to the first in row-major order (as PyTorch does).
 */
export const maxPool: Rule = ({ node, builder, gradient, x }) => {
  const dims = builder.dims(x)
  const kernel = intsOf(node, 'kernel_shape') ?? []
  const strides = intsOf(node, 'strides') ?? kernel.map(() => 1)
  const dilations = intsOf(node, 'dilations') ?? kernel.map(() => 1)
  const pads = intsOf(node, 'pads') ?? kernel.flatMap(() => [0, 0])
  if (
    intOf(node, 'ceil_mode', 0) !== 0 ||
    (textOf(node, 'auto_pad') ?? 'NOTSET') !== 'NOTSET'
  )
    throw noGradient(node, 'ceil_mode and auto_pad have no rule')
  const rank = kernel.length
  const begins = [0, 0, ...pads.slice(0, rank)]
  const padded = builder.pad(x, begins, [0, 0, ...pads.slice(rank)], lowest)
  const sizes = builder.dims(padded)
  const cells = builder.dims(gradient)

  const places = kernel.reduce<number[][]>(
    (lists, size) =>
      lists.flatMap((list) =>
        Array.from({ length: size }, (_, at) => [...list, at]),
      ),
    [[]],
  )
  const starts = (place: readonly number[]) =>
    place.map((at, k) => at * (dilations[k] ?? 1))
  const windows = places.map((place) => {
    const part = starts(place).reduce((name, from, k) => {
      const step = strides[k] ?? 1
      const to = from + ((cells[k + 2] ?? 1) - 1) * step + 1
      return builder.slice(name, k + 2, from, to, step)
    }, padded)
    return builder.reshape(part, [1, ...cells])
  })
  const chosen = builder.op('ArgMax', [builder.concat(windows, 0)], {
    axis: { type: 'int', value: 0n },
    keepdims: { type: 'int', value: 0n },
  })
  let total: string | undefined
  places.forEach((place, index) => {
    const here = builder.op('Equal', [
      chosen,
      builder.constant(dtypes.int64, [], BigInt64Array.of(BigInt(index))),
    ])
    const spread = starts(place).reduce(
      (name, from, k) =>
        unslice(builder, name, k + 2, from, strides[k] ?? 1, sizes[k + 2] ?? 1),
      builder.where(here, gradient),
    )
    total = total === undefined ? spread : builder.add(total, spread)
  })
  return [
    dims.reduce((name, dim, axis) => {
      const from = begins[axis] ?? 0
      return builder.slice(name, axis, from, from + dim)
    }, total ?? gradient),
  ]
}
