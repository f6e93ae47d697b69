import type { Rule } from './rule.js'

/** Sigmoid: `y (1 - y)`. */
export const sigmoid: Rule = ({ builder, gradient, y }) => [
  builder.mul(gradient, builder.mul(y, builder.sub(builder.float(1), y))),
]
