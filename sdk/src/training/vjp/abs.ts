import type { Rule } from './rule.js'

/** Abs: 0 at 0. */
export const abs: Rule = ({ builder, gradient, x }) => [
  builder.mul(gradient, builder.op('Sign', [x])),
]
