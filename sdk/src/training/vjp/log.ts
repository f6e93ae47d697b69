import type { Rule } from './rule.js'

/** Log: `1 / x`. */
export const log: Rule = ({ builder, gradient, x }) => [
  builder.div(gradient, x),
]
