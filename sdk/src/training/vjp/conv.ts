import { elementCount } from '../../tensor/tensorType.js'
import { mostTerms, type StepBuilder } from '../stepBuilder.js'
import { intOf, intsOf, noGradient, type Rule } from './rule.js'

type Spatial = { strides: number[]; dilations: number[] }

/**
 * Conv without padding (`explicitPads` has made that a Pad), of one group or
 * more. By the input: ConvTranspose. By the weights: a convolution of the input
 * with the gradient, whose reduction over batch and cells is cut into parts.
 */
export const conv: Rule = ({ node, builder, gradient, x, wants }) => {
  const w = node.inputs[1]!
  const axes = builder.dims(x).slice(2)
  if (intsOf(node, 'pads')?.some((width) => width !== 0))
    throw noGradient(node, 'its padding is not a Pad of its own')
  const spatial = {
    strides: intsOf(node, 'strides') ?? axes.map(() => 1),
    dilations: intsOf(node, 'dilations') ?? axes.map(() => 1),
  }
  const groups = intOf(node, 'group', 1)
  const part = (name: string, axis: number, group: number) => {
    const size = (builder.dims(name)[axis] ?? 1) / groups
    return builder.slice(name, axis, group * size, (group + 1) * size)
  }
  const each = (make: (group: number) => string, axis: number) =>
    builder.concat(
      Array.from({ length: groups }, (_, group) => make(group)),
      axis,
    )
  return [
    wants(0)
      ? each(
          (group) =>
            byInput(
              builder,
              part(gradient, 1, group),
              part(w, 0, group),
              builder.dims(x),
              spatial,
            ),
          1,
        )
      : undefined,
    wants(1)
      ? each(
          (group) =>
            byWeights(
              builder,
              part(x, 1, group),
              part(gradient, 1, group),
              builder.dims(w),
              spatial,
            ),
          0,
        )
      : undefined,
    wants(2)
      ? builder.sum(gradient, [0, ...axes.map((_, k) => k + 2)], false)
      : undefined,
  ]
}

function byInput(
  builder: StepBuilder,
  gradient: string,
  weights: string,
  dims: readonly number[],
  { strides, dilations }: Spatial,
): string {
  const covered = builder.op('ConvTranspose', [gradient, weights], {
    strides: ints(strides),
    dilations: ints(dilations),
  })
  // Cells behind the last window have no gradient.
  const now = builder.dims(covered)
  return builder.pad(
    covered,
    now.map(() => 0),
    now.map((dim, axis) => (axis < 2 ? 0 : (dims[axis] ?? dim) - dim)),
  )
}

function byWeights(
  builder: StepBuilder,
  x: string,
  gradient: string,
  kernel: readonly number[],
  { strides, dilations }: Spatial,
): string {
  const [batch = 1, , rows = 1, ...rest] = builder.dims(gradient)
  const cells = elementCount(rest)
  const rowsAPart = Math.max(1, Math.min(rows, Math.floor(mostTerms / cells)))
  const images = Math.max(1, Math.floor(mostTerms / (cells * rowsAPart)))
  let total: string | undefined
  for (let image = 0; image < batch; image += rowsAPart < rows ? 1 : images)
    for (let row = 0; row < rows; row += rowsAPart) {
      const upTo = Math.min(batch, image + (rowsAPart < rows ? 1 : images))
      const rowEnd = Math.min(rows, row + rowsAPart)
      const part = correlate(
        builder,
        window(x, image, upTo, row, rowEnd),
        builder.slice(builder.slice(gradient, 0, image, upTo), 2, row, rowEnd),
      )
      total = total === undefined ? part : builder.add(total, part)
    }
  return total ?? x

  /** The input rows that output rows `row` to `rowEnd` read. */
  function window(
    name: string,
    image: number,
    upTo: number,
    row: number,
    rowEnd: number,
  ): string {
    const reach = ((kernel[2] ?? 1) - 1) * (dilations[0] ?? 1) + 1
    const from = row * (strides[0] ?? 1)
    const to = (rowEnd - 1) * (strides[0] ?? 1) + reach
    return builder.slice(builder.slice(name, 0, image, upTo), 2, from, to)
  }

  /** Batch and channels change places; strides and dilations too. */
  function correlate(b: StepBuilder, input: string, by: string): string {
    const swapped = [1, 0, ...kernel.slice(2).map((_, k) => k + 2)]
    const moved = b.op(
      'Conv',
      [b.transpose(input, swapped), b.transpose(by, swapped)],
      {
        strides: ints(dilations),
        dilations: ints(strides),
      },
    )
    const cut = kernel
      .slice(2)
      .reduce((name, size, k) => b.slice(name, k + 2, 0, size), moved)
    return b.transpose(cut, swapped)
  }
}

function ints(values: readonly number[]) {
  return { type: 'ints' as const, value: values.map(BigInt) }
}
