import type { Rule } from './rule.js'

/** Softplus: `sigmoid(x)`. */
export const softplus: Rule = ({ builder, gradient, x }) => [
  builder.mul(gradient, builder.op('Sigmoid', [x])),
]
