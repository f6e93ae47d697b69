import type { Rule } from './rule.js'

/** Tanh: `1 - y^2`. */
export const tanh: Rule = ({ builder, gradient, y }) => [
  builder.mul(gradient, builder.sub(builder.float(1), builder.mul(y, y))),
]
