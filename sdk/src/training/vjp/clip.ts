import type { Rule } from './rule.js'

/** Clip: the gradient passes where the limits hold, ends included. */
export const clip: Rule = ({ node, builder, gradient, x }) => {
  const [, min, max] = node.inputs
  let passed = gradient
  if (min)
    passed = builder.where(builder.op('GreaterOrEqual', [x, min]), passed)
  if (max) passed = builder.where(builder.op('LessOrEqual', [x, max]), passed)
  return [passed]
}
