import type { Rule } from './rule.js'

/** Identity, Cast between float32 and itself, and Expand: the sum over copies is broadcasting's. */
export const identity: Rule = ({ gradient }) => [gradient]
