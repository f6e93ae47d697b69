import { tensorData } from '../../onnx/tensorData.js'
import { unslice } from '../unslice.js'
import { noGradient, type Rule } from './rule.js'

/** Slice with positive steps: what was left out has gradient 0. */
export const slice: Rule = ({ node, builder, gradient, x }) => {
  const dims = builder.dims(x)
  const listOf = (input: number): number[] | undefined => {
    const tensor = builder.weights.get(node.inputs[input] ?? '')
    return tensor && Array.from(tensorData(tensor), Number)
  }
  const starts = listOf(1)
  if (starts === undefined)
    throw noGradient(node, 'its limits are no constants')
  const axes = listOf(3) ?? starts.map((_, i) => i)
  const steps = listOf(4) ?? starts.map(() => 1)
  if (steps.some((step) => step < 1))
    throw noGradient(node, 'a negative step has no rule')
  let result = gradient
  starts.forEach((start, i) => {
    const axis = ((axes[i] ?? 0) + dims.length) % dims.length
    const length = dims[axis] ?? 1
    const from = Math.min(
      Math.max(start < 0 ? start + length : start, 0),
      length,
    )
    result = unslice(builder, result, axis, from, steps[i] ?? 1, length)
  })
  return [result]
}
