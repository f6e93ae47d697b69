import type { Rule } from './rule.js'

/** Sub. */
export const sub: Rule = ({ builder, gradient, wants }) => [
  gradient,
  wants(1) ? builder.op('Neg', [gradient]) : undefined,
]
