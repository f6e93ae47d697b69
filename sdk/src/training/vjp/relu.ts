import type { Rule } from './rule.js'

/** Relu: 0 at 0. */
export const relu: Rule = ({ builder, gradient, x }) => [
  builder.where(builder.op('Greater', [x, builder.float(0)]), gradient),
]
