import { elementCount } from '../../tensor/tensorType.js'
import { dtypes } from '../../types/tensorType.js'
import { intOf, type Rule } from './rule.js'

/**
 * Gather (embeddings): rows that were read several times add up, as the product
 * of a one-hot matrix and the gradient, whose terms are bounded and have an order.
 */
export const gather: Rule = ({ node, builder, gradient, x }) => {
  const dims = builder.dims(x)
  const axis = (intOf(node, 'axis', 0) + dims.length) % dims.length
  const indices = node.inputs[1]!
  const read = builder.dims(indices).length
  const rows = elementCount(builder.dims(indices))
  const length = dims[axis] ?? 1
  const others = dims.filter((_, k) => k !== axis)

  // The axes of the indices first, then those of the data.
  const rank = builder.dims(gradient).length
  const axes = Array.from({ length: rank }, (_, k) => k)
  const first = builder.transpose(gradient, [
    ...axes.slice(axis, axis + read),
    ...axes.slice(0, axis),
    ...axes.slice(axis + read),
  ])
  const flat = builder.reshape(first, [rows, elementCount(others)])
  const narrow = builder.cast(indices, dtypes.int32)
  const scalar = (value: number) =>
    builder.constant(dtypes.int32, [], Int32Array.of(value))
  const counted = builder.op('Where', [
    builder.op('Less', [narrow, scalar(0)]),
    builder.add(narrow, scalar(length)),
    narrow,
  ])
  const hits = builder.oneHot(counted, length)
  const summed = builder.matMul(builder.swap(hits), flat)
  const shaped = builder.reshape(summed, [length, ...others])
  const back = dims.map((_, k) => (k < axis ? k + 1 : k === axis ? 0 : k))
  return [builder.transpose(shaped, back)]
}
