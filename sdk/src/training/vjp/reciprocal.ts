import type { Rule } from './rule.js'

/** Reciprocal: `-y^2`. */
export const reciprocal: Rule = ({ builder, gradient, y }) => [
  builder.op('Neg', [builder.mul(gradient, builder.mul(y, y))]),
]
