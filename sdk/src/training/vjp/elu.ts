import { floatOf, type Rule } from './rule.js'

/** Elu: `y + alpha` below 0. */
export const elu: Rule = ({ node, builder, gradient, x, y }) => [
  builder.where(
    builder.op('Greater', [x, builder.float(0)]),
    gradient,
    builder.mul(
      gradient,
      builder.add(y, builder.float(floatOf(node, 'alpha', 1))),
    ),
  ),
]
