import { intOf, type Rule } from './rule.js'

/** Softmax: `y (g - sum(g y))`. */
export const softmax: Rule = ({ node, builder, gradient, y }) => {
  const rank = builder.dims(y).length
  const axis = (intOf(node, 'axis', -1) + rank) % rank
  const product = builder.mul(gradient, y)
  return [builder.sub(product, builder.mul(y, builder.sum(product, [axis])))]
}
