import { allTypes, inputOf, intsOf } from './form.js'
import { movementChecker, opcodes } from './movement.js'
import { type Operator, OperatorError } from './operator.js'

/** ONNX Transpose: axis k of the output is axis perm[k] of the input. */
export const transpose: Operator = {
  names: ['Transpose'],
  checker: movementChecker(opcodes.transpose),
  form(node) {
    const { dtype, dims } = inputOf(node, 0, allTypes)
    const perm = intsOf(node, 'perm') ?? dims.map((_, k) => dims.length - 1 - k)
    const sorted = [...perm].sort((a, b) => a - b)
    if (perm.length !== dims.length || sorted.some((axis, k) => axis !== k))
      throw new OperatorError(
        `Transpose: [${perm}] permutes no ${dims.length} axes`,
      )
    return {
      opcode: opcodes.transpose,
      attributes: perm,
      inputs: [0],
      outputs: [{ dtype, dims: perm.map((axis) => dims[axis] as number) }],
      layouts: [undefined, undefined],
    }
  },
}
