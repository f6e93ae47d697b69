import type { Rule } from './rule.js'

/** Div: `d(a/b) = da/b - (a/b) db/b`. */
export const div: Rule = ({ node, builder, gradient, y, wants }) => {
  const byB = builder.div(gradient, node.inputs[1]!)
  return [
    wants(0) ? byB : undefined,
    wants(1) ? builder.op('Neg', [builder.mul(byB, y)]) : undefined,
  ]
}
