import { allTypes, constantOf, inputOf } from './form.js'
import { movementChecker, opcodes } from './movement.js'
import { type Operator, OperatorError } from './operator.js'

/** ONNX Tile with constant repeats. */
export const tile: Operator = {
  names: ['Tile'],
  checker: movementChecker(opcodes.tile),
  form(node) {
    const { dtype, dims } = inputOf(node, 0, allTypes)
    const repeats = constantOf(node, 1)
    if (repeats?.length !== dims.length || repeats.some((n) => n < 1))
      throw new OperatorError(`Tile: [${dims}] by [${repeats}]`)
    return {
      opcode: opcodes.tile,
      attributes: [],
      inputs: [0],
      outputs: [{ dtype, dims: dims.map((dim, k) => dim * (repeats[k] ?? 1)) }],
      layouts: [undefined, undefined],
    }
  },
}
