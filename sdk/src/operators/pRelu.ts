import { activationChecker, opcodes } from './activations.js'
import { floatOnly, inputOf } from './form.js'
import { type Operator, OperatorError } from './operator.js'
import { broadcastDims } from './shape.js'

/** ONNX PRelu: the slope broadcasts to the input; correctly rounded. */
export const pRelu: Operator = {
  names: ['PRelu'],
  checker: activationChecker(opcodes.pRelu),
  form(node) {
    const { dtype, dims } = inputOf(node, 0, floatOnly)
    const slope = inputOf(node, 1, floatOnly)
    if (broadcastDims([dims, slope.dims]).join() !== dims.join())
      throw new OperatorError(
        `PRelu: slope [${slope.dims}] does not broadcast to [${dims}]`,
      )
    return {
      opcode: opcodes.pRelu,
      attributes: [],
      inputs: [0, 1],
      outputs: [{ dtype, dims }],
      layouts: [undefined, undefined, undefined],
    }
  },
}
