import { dtypes } from '../types/tensorType.js'
import { allTypes, axisOf, constantOf, inputOf, intOf } from './form.js'
import { opcodes as indexed, indexedChecker } from './indexed.js'
import { movementChecker, opcodes } from './movement.js'
import { type Operator, OperatorError } from './operator.js'

/**
 * ONNX Gather. Constant indices become attributes; others are an operand, with a
 * Clip before it (C5).
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
    if (at.constant === undefined)
      return {
        opcode: indexed.gather,
        attributes: [axis],
        inputs: [0, 1],
        outputs,
        layouts: [undefined, undefined, undefined],
        bounded: [{ input: 1, low: -size, high: size - 1 }],
      }
    const indices = (constantOf(node, 1) ?? []).map((index) =>
      axisOf(node, index, size),
    )
    // The entry counts attributes in 16 bits.
    if (indices.length > 0xfff0)
      throw new OperatorError(`Gather: ${indices.length} constant indices`)
    return {
      opcode: opcodes.gather,
      attributes: [axis, at.dims.length, ...indices],
      inputs: [0],
      outputs,
      layouts: [undefined, undefined],
    }
  },
}
