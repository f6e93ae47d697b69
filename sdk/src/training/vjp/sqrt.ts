import type { Rule } from './rule.js'

/** Sqrt: `1 / (2 y)`. */
export const sqrt: Rule = ({ builder, gradient, y }) => [
  builder.div(builder.scale(gradient, 0.5), y),
]
