import { allTypes, inputOf, intOf, stringOf } from './form.js'
import { type Operator, OperatorError } from './operator.js'
import { depthModes, opcodes, spaceChecker } from './space.js'

/** ONNX DepthToSpace, modes DCR and CRD. */
export const depthToSpace: Operator = {
  names: ['DepthToSpace'],
  checker: spaceChecker(opcodes.depthToSpace),
  form(node) {
    const { dtype, dims } = inputOf(node, 0, allTypes)
    const block = intOf(node, 'blocksize')
    const mode = stringOf(node, 'mode', 'DCR')
    if (mode !== 'DCR' && mode !== 'CRD')
      throw new OperatorError(`DepthToSpace: mode ${mode} is unknown`)
    const [n, c, y, x] = dims as [number, number, number, number]
    if (dims.length !== 4 || block < 1 || c % (block * block) !== 0)
      throw new OperatorError(`DepthToSpace of [${dims}] by ${block}`)
    return {
      opcode: opcodes.depthToSpace,
      attributes: [block, depthModes[mode]],
      inputs: [0],
      outputs: [
        { dtype, dims: [n, c / (block * block), y * block, x * block] },
      ],
      layouts: [undefined, undefined],
    }
  },
}
