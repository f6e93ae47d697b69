import { floatOf, type Rule } from './rule.js'

/** LeakyRelu. */
export const leakyRelu: Rule = ({ node, builder, gradient, x }) => [
  builder.where(
    builder.op('Greater', [x, builder.float(0)]),
    gradient,
    builder.scale(gradient, floatOf(node, 'alpha', 0.01)),
  ),
]
