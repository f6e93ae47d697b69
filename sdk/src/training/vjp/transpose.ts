import { intsOf, type Rule } from './rule.js'

/** Transpose: the inverse permutation. */
export const transpose: Rule = ({ node, builder, gradient, x }) => {
  const rank = builder.dims(x).length
  const perm =
    intsOf(node, 'perm') ?? Array.from({ length: rank }, (_, k) => rank - 1 - k)
  return [
    builder.transpose(
      gradient,
      perm.map((_, axis) => perm.indexOf(axis)),
    ),
  ]
}
