import type { Rule } from './rule.js'

/** Neg. */
export const neg: Rule = ({ builder, gradient }) => [
  builder.op('Neg', [gradient]),
]
