import type { Rule } from './rule.js'

/** Where: each branch where it was taken. */
export const where: Rule = ({ node, builder, gradient, wants }) => {
  const condition = node.inputs[0]!
  return [
    undefined,
    wants(1) ? builder.where(condition, gradient) : undefined,
    wants(2)
      ? builder.where(builder.op('Not', [condition]), gradient)
      : undefined,
  ]
}
