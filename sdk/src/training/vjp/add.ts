import type { Rule } from './rule.js'

/** Add. */
export const add: Rule = ({ gradient }) => [gradient, gradient]
