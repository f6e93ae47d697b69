import { tensorData } from '../../onnx/tensorData.js'
import { intsOf, noGradient, type Rule, textOf } from './rule.js'

/** Pad with a constant: the inside. */
export const pad: Rule = ({ node, builder, gradient, x }) => {
  if ((textOf(node, 'mode') ?? 'constant') !== 'constant')
    throw noGradient(node, 'only padding with a constant has a rule')
  const tensor = builder.weights.get(node.inputs[1] ?? '')
  const widths =
    intsOf(node, 'pads') ?? (tensor && Array.from(tensorData(tensor), Number))
  const dims = builder.dims(x)
  if (node.inputs[3] || widths?.length !== 2 * dims.length)
    throw noGradient(node, 'its widths are not one constant a side')
  if (widths.some((width) => width < 0))
    throw noGradient(node, 'negative widths have no rule')
  return [
    dims.reduce((inner, dim, axis) => {
      const from = widths[axis] ?? 0
      return builder.slice(inner, axis, from, from + dim)
    }, gradient),
  ]
}
