import type { Rule } from './rule.js'

/** Exp: `y`. */
export const exp: Rule = ({ builder, gradient, y }) => [
  builder.mul(gradient, y),
]
