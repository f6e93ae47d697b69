import { tensorData } from '../../onnx/tensorData.js'
import { noGradient, type Rule } from './rule.js'

/** Pow with one constant exponent: whole, or 1/2 with either sign. */
export const pow: Rule = ({ node, builder, gradient, x, y }) => {
  const tensor = builder.weights.get(node.inputs[1] ?? '')
  const values = tensor && Array.from(tensorData(tensor), Number)
  const [exponent] = values ?? []
  if (exponent === undefined || values?.some((value) => value !== exponent))
    throw noGradient(node, 'its exponent is not one constant')
  if (exponent === 2) return [builder.mul(gradient, builder.scale(x, 2))]
  if (!Number.isInteger(exponent))
    // x^p / x: powers between have no checker.
    return [builder.mul(gradient, builder.scale(builder.div(y, x), exponent))]
  const power = builder.op('Pow', [x, builder.float(exponent - 1)])
  return [builder.mul(gradient, builder.scale(power, exponent))]
}
