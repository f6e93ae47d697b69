import { elementCount } from '../../tensor/tensorType.js'
import { noGradient, type Rule } from './rule.js'

/** MatMul of matrices and of batches of them. */
export const matMul: Rule = ({ node, builder, gradient, x, wants }) => {
  const b = node.inputs[1]!
  const [rankA, rankB] = [builder.dims(x).length, builder.dims(b).length]
  if (rankA < 2 || rankB < 2)
    throw noGradient(node, 'an operand is a vector: make it a matrix')
  const byA = wants(0) ? builder.matMul(gradient, builder.swap(b)) : undefined
  if (!wants(1)) return [byA]
  // One matrix for a whole batch: its gradient is one product over all rows.
  const rows = (name: string) => {
    const dims = builder.dims(name)
    return builder.reshape(name, [
      elementCount(dims.slice(0, -1)),
      dims.at(-1) ?? 1,
    ])
  }
  const byB =
    rankB === 2
      ? builder.matMul(builder.swap(rows(x)), rows(gradient))
      : builder.matMul(builder.swap(x), gradient)
  return [byA, byB]
}
