import { dtypes } from '../types/tensorType.js'
import { arithmeticTypes, inputOf, intOf } from './form.js'
import { logicChecker, opcodes } from './logic.js'
import { type Operator, OperatorError } from './operator.js'

const castTypes = [...arithmeticTypes, dtypes.bool, dtypes.float16]

/** ONNX Cast between float32, float16, integers and bool (C4). */
export const cast: Operator = {
  names: ['Cast'],
  checker: logicChecker(opcodes.cast),
  form(node) {
    const { dims } = inputOf(node, 0, castTypes)
    const to = intOf(node, 'to')
    const dtype = castTypes.find((code) => code === to)
    if (dtype === undefined)
      throw new OperatorError(`Cast to element type ${to} has no checker`)
    return {
      opcode: opcodes.cast,
      attributes: [],
      inputs: [0],
      outputs: [{ dtype, dims }],
      layouts: [undefined, undefined],
    }
  },
}
