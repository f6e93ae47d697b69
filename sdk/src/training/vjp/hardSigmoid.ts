import { floatOf, type Rule } from './rule.js'

/** HardSigmoid: `alpha` strictly between its ends. */
export const hardSigmoid: Rule = ({ node, builder, gradient, y }) => {
  const inside = builder.op('And', [
    builder.op('Greater', [y, builder.float(0)]),
    builder.op('Less', [y, builder.float(1)]),
  ])
  const alpha = floatOf(node, 'alpha', 0.2)
  return [builder.where(inside, builder.scale(gradient, alpha))]
}
