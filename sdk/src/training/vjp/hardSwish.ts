import type { Rule } from './rule.js'

/** HardSwish: 0 below -3, 1 above 3, `(2 x + 3) / 6` between. */
export const hardSwish: Rule = ({ builder, gradient, x }) => {
  const slope = builder.add(builder.scale(x, 1 / 3), builder.float(0.5))
  const below = builder.op('Less', [x, builder.float(3)])
  const bent = builder.where(below, builder.mul(gradient, slope), gradient)
  return [builder.where(builder.op('Greater', [x, builder.float(-3)]), bent)]
}
