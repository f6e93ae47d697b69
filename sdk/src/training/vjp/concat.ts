import { intOf, type Rule } from './rule.js'

/** Concat: each operand its part. */
export const concat: Rule = ({ node, builder, gradient, wants }) => {
  const rank = builder.dims(gradient).length
  const axis = (intOf(node, 'axis', 0) + rank) % rank
  let at = 0
  return node.inputs.map((name, input) => {
    const from = at
    at += builder.dims(name)[axis] ?? 0
    return wants(input) ? builder.slice(gradient, axis, from, at) : undefined
  })
}
