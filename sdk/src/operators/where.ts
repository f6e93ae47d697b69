import { dtypes } from '../types/tensorType.js'
import { comparableTypes, inputOf } from './form.js'
import { logicChecker, opcodes } from './logic.js'
import { type Operator, OperatorError } from './operator.js'
import { broadcastDims } from './shape.js'

/** ONNX Where: the chosen operand; of a zero the sign may be lost. */
export const where: Operator = {
  names: ['Where'],
  checker: logicChecker(opcodes.where),
  form(node) {
    const condition = inputOf(node, 0, [dtypes.bool])
    const x = inputOf(node, 1, comparableTypes)
    const y = inputOf(node, 2, comparableTypes)
    if (x.dtype !== y.dtype)
      throw new OperatorError('Where: inputs differ in element type')
    const dims = broadcastDims([condition.dims, x.dims, y.dims])
    return {
      opcode: opcodes.where,
      attributes: [],
      inputs: [0, 1, 2],
      outputs: [{ dtype: x.dtype, dims }],
      layouts: new Array(4).fill(undefined),
    }
  },
}
