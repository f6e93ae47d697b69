import { noGradient, type Rule } from './rule.js'

/** Max, Min of two operands: where they are equal, the first has the gradient. */
export const extremum: Rule = ({ node, builder, gradient, x }) => {
  const [, b] = node.inputs
  if (node.inputs.length !== 2 || b === undefined)
    throw noGradient(node, 'only two operands have a rule')
  const first = builder.op(
    node.operator === 'Max' ? 'GreaterOrEqual' : 'LessOrEqual',
    [x, b],
  )
  return [
    builder.where(first, gradient),
    builder.where(builder.op('Not', [first]), gradient),
  ]
}
