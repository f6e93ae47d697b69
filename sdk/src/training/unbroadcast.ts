import { type StepBuilder, sameDims } from './stepBuilder.js'

/**
 * The gradient of an operand that was broadcast: summed over the axes along
 * which it was repeated. All rules leave this to the one who calls them.
 */
export function unbroadcast(
  builder: StepBuilder,
  gradient: string,
  dims: readonly number[],
): string {
  const from = builder.dims(gradient)
  if (sameDims(from, dims)) return gradient
  const extra = from.length - dims.length
  const axes = from.flatMap((dim, axis) =>
    axis < extra || (dims[axis - extra] === 1 && dim !== 1) ? [axis] : [],
  )
  return builder.reshape(builder.sum(gradient, axes), dims)
}
