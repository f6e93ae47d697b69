import type { Rule } from './rule.js'

/** Mul. */
export const mul: Rule = ({ node, builder, gradient, x, wants }) => [
  wants(0) ? builder.mul(gradient, node.inputs[1]!) : undefined,
  wants(1) ? builder.mul(gradient, x) : undefined,
]
