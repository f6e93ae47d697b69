import type { Rule } from './rule.js'

/** PRelu, with the gradient of its slope. */
export const pRelu: Rule = ({ node, builder, gradient, x, wants }) => {
  const positive = builder.op('Greater', [x, builder.float(0)])
  const slope = node.inputs[1]!
  return [
    wants(0)
      ? builder.where(positive, gradient, builder.mul(gradient, slope))
      : undefined,
    wants(1)
      ? builder.where(builder.op('Not', [positive]), builder.mul(gradient, x))
      : undefined,
  ]
}
