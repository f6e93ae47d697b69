import { dtypes } from '../types/tensorType.js'
import { constantOf, floatOnly, inputOf } from './form.js'
import { functionChecker, largestExponent, opcodes } from './functionChecker.js'
import { type Operator, OperatorError } from './operator.js'
import { broadcastDims } from './shape.js'

/** ONNX Pow with constant exponents that are 1/2, -1/2 or whole and small. */
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
    const refused = constantOf(node, 1)?.find((p) => !served(p))
    if (refused !== undefined)
      throw new OperatorError(
        `Pow: exponent ${refused} is neither 1/2, -1/2 nor whole and up to ${largestExponent}`,
      )
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

function served(p: number): boolean {
  return (
    Math.abs(p) === 0.5 ||
    (Number.isInteger(p) && Math.abs(p) <= largestExponent)
  )
}
