import type { Rule } from './rule.js'

/** Erf: `2 / sqrt(pi) exp(-x^2)`. */
export const erf: Rule = ({ builder, gradient, x }) => {
  const bell = builder.op('Exp', [builder.op('Neg', [builder.mul(x, x)])])
  return [builder.mul(gradient, builder.scale(bell, 2 / Math.sqrt(Math.PI)))]
}
