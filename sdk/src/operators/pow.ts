import { dtypes } from '../types/tensorType.js'
import { constantOf, floatOnly, inputOf } from './form.js'
import { functionChecker, opcodes } from './functionChecker.js'
import { type Operator, OperatorError } from './operator.js'
import { broadcastDims } from './shape.js'

/** Beyond it float32 does not hold every whole number. */
const most = 2 ** 24

/** ONNX Pow of float32 by finite constants. */
export const pow: Operator = {
  names: ['Pow'],
  checker: functionChecker(opcodes.pow),
  form(node) {
    const base = inputOf(node, 0, floatOnly)
    const exponent = inputOf(node, 1, [
      dtypes.float32,
      dtypes.int32,
      dtypes.int64,
    ])
    const refused = constantOf(node, 1)?.find((p) => !(Math.abs(p) < most))
    if (refused !== undefined)
      throw new OperatorError(`Pow: exponent ${refused} is not below 2^24`)
    return {
      opcode: opcodes.pow,
      attributes: [],
      inputs: [0, 1],
      outputs: [
        {
          dtype: base.dtype,
          dims: broadcastDims([base.dims, exponent.dims]),
        },
      ],
      layouts: [undefined, undefined, undefined],
    }
  },
}
