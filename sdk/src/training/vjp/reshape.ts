import type { Rule } from './rule.js'

/** Reshape, Flatten, Squeeze, Unsqueeze. */
export const reshape: Rule = ({ builder, gradient, x }) => [
  builder.reshape(gradient, builder.dims(x)),
]
