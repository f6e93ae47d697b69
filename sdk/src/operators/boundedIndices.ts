import { type Dtype, dtypes } from '../types/tensorType.js'
import { constantOf, inputOf } from './form.js'
import {
  type InputType,
  OperatorError,
  type OperatorForm,
  type OperatorNode,
} from './operator.js'

/** An input of indices, and what canonicalisation has to bound of it. */
export type BoundedIndices = {
  indices: InputType
  bounded: OperatorForm['bounded']
}

/**
 * Indices that never leave the axes that they name (C5): constant ones are
 * looked at, others get a Clip.
 *
 * @param sizes Sizes of the axes named by the last axis of the indices, in turn.
 * @param types Element types that the runtime takes.
 */
export function boundedIndices(
  node: OperatorNode,
  input: number,
  sizes: readonly number[],
  types: readonly Dtype[] = [dtypes.int32, dtypes.int64],
): BoundedIndices {
  const indices = inputOf(node, input, types)
  if (indices.constant === undefined) {
    const [size = 1] = sizes
    // One Clip has one pair of limits.
    if (sizes.some((other) => other !== size))
      throw new OperatorError(
        `${node.operator}: indices that are data name axes of the sizes [${sizes}]; one Clip bounds only axes of one size (C5)`,
      )
    return { indices, bounded: [{ input, low: -size, high: size - 1 }] }
  }
  constantOf(node, input)?.forEach((index, i) => {
    const size = sizes[i % sizes.length] as number
    if (index < -size || index >= size)
      throw new OperatorError(
        `${node.operator}: index ${index} is outside an axis of ${size}`,
      )
  })
  return { indices, bounded: undefined }
}
