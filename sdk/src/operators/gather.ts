import { dtypes } from '../types/tensorType.js'
import { allTypes, axisOf, constantOf, inputOf, intOf } from './form.js'
import { movementChecker, opcodes } from './movement.js'
import { type Operator, OperatorError } from './operator.js'

/** ONNX Gather with constant indices (C5), which become attributes. */
export const gather: Operator = {
  names: ['Gather'],
  checker: movementChecker(opcodes.gather),
  form(node) {
    const { dtype, dims } = inputOf(node, 0, allTypes)
    const at = inputOf(node, 1, [dtypes.int32, dtypes.int64])
    const axis = axisOf(node, intOf(node, 'axis', 0), dims.length)
    const indices = (constantOf(node, 1) ?? []).map((index) =>
      axisOf(node, index, dims[axis] as number),
    )
    // The entry counts attributes in 16 bits.
    if (indices.length > 0xfff0)
      throw new OperatorError(`Gather: ${indices.length} constant indices`)
    return {
      opcode: opcodes.gather,
      attributes: [axis, at.dims.length, ...indices],
      inputs: [0],
      outputs: [
        {
          dtype,
          dims: [...dims.slice(0, axis), ...at.dims, ...dims.slice(axis + 1)],
        },
      ],
      layouts: [undefined, undefined],
    }
  },
}
