import type { Rule } from './rule.js'

/** Sum of any number of operands. */
export const sum: Rule = ({ node, gradient }) => node.inputs.map(() => gradient)
