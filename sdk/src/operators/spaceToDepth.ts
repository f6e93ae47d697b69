import { allTypes, inputOf, intOf } from './form.js'
import { type Operator, OperatorError } from './operator.js'
import { opcodes, spaceChecker } from './space.js'

/** ONNX SpaceToDepth. */
export const spaceToDepth: Operator = {
  names: ['SpaceToDepth'],
  checker: spaceChecker(opcodes.spaceToDepth),
  form(node) {
    const { dtype, dims } = inputOf(node, 0, allTypes)
    const block = intOf(node, 'blocksize')
    const [n, c, y, x] = dims as [number, number, number, number]
    if (dims.length !== 4 || block < 1 || y % block !== 0 || x % block !== 0)
      throw new OperatorError(`SpaceToDepth of [${dims}] by ${block}`)
    return {
      opcode: opcodes.spaceToDepth,
      attributes: [block],
      inputs: [0],
      outputs: [{ dtype, dims: [n, c * block * block, y / block, x / block] }],
      layouts: [undefined, undefined],
    }
  },
}
