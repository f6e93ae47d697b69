import { intOf, type Rule } from './rule.js'

/** Split: the parts put together again, zeros where the loss does not depend on one. */
export const split: Rule = ({ node, builder, gradients, x }) => {
  const rank = builder.dims(x).length
  const axis = (intOf(node, 'axis', 0) + rank) % rank
  const parts = node.outputs.map(
    (name, i) =>
      gradients[i] ??
      builder.op('Expand', [
        builder.float(0),
        builder.ints(builder.dims(name)),
      ]),
  )
  return [builder.concat(parts, axis)]
}
