import { allTypes, constantOf, inputOf } from './form.js'
import { movementChecker, opcodes } from './movement.js'
import { type Operator, OperatorError } from './operator.js'
import { broadcastDims } from './shape.js'

/** ONNX Expand with a constant shape: numpy broadcasting. */
export const expand: Operator = {
  names: ['Expand'],
  checker: movementChecker(opcodes.expand),
  form(node) {
    const { dtype, dims } = inputOf(node, 0, allTypes)
    const shape = constantOf(node, 1)
    if (shape === undefined) throw new OperatorError('Expand names no shape')
    return {
      opcode: opcodes.expand,
      attributes: [],
      inputs: [0],
      outputs: [{ dtype, dims: broadcastDims([dims, shape]) }],
      layouts: [undefined, undefined],
    }
  },
}
