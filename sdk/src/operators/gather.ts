import { dtypes } from '../types/tensorType.js'
import { allTypes, axisOf, constantOf, inputOf, intOf } from './form.js'
import { opcodes as indexed, indexedChecker } from './indexed.js'
import { movementChecker, opcodes } from './movement.js'
import type { Operator } from './operator.js'

/** Most constant indices that become attributes. */
const mostIndices = 256

/**
 * ONNX Gather. A few constant indices become attributes; others are an operand,
 * with a Clip before it unless they are constant (C5).
 */
export const gather: Operator = {
  names: ['Gather'],
  checker: movementChecker(opcodes.gather),
  variants: [indexedChecker(indexed.gather)],
  form(node) {
    const { dtype, dims } = inputOf(node, 0, allTypes)
    const at = inputOf(node, 1, [dtypes.int32, dtypes.int64])
    const axis = axisOf(node, intOf(node, 'axis', 0), dims.length)
    const outputs = [
      {
        dtype,
        dims: [...dims.slice(0, axis), ...at.dims, ...dims.slice(axis + 1)],
      },
    ]
    const size = dims[axis] as number
    const data = {
      opcode: indexed.gather,
      attributes: [axis],
      inputs: [0, 1],
      outputs,
      layouts: [undefined, undefined, undefined],
      bounded: [{ input: 1, low: -size, high: size - 1 }],
    }
    if (at.constant === undefined) return data
    const indices = (constantOf(node, 1) ?? []).map((index) =>
      axisOf(node, index, size),
    )
    // Every proof of the node shows its attributes: many indices are a weight.
    if (indices.length > mostIndices) return { ...data, bounded: undefined }
    return {
      opcode: opcodes.gather,
      attributes: [axis, at.dims.length, ...indices],
      inputs: [0],
      outputs,
      layouts: [undefined, undefined],
    }
  },
}
