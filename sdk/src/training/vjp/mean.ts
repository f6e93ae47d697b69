import type { Rule } from './rule.js'

/** Mean of any number of operands. */
export const mean: Rule = ({ node, builder, gradient }) => {
  const share = builder.scale(gradient, 1 / node.inputs.length)
  return node.inputs.map(() => share)
}
