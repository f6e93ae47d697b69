import { boundedIndices } from './boundedIndices.js'
import { allTypes, axisOf, inputOf, intOf } from './form.js'
import { indexedChecker, opcodes } from './indexed.js'
import { type Operator, OperatorError } from './operator.js'

/** ONNX GatherElements; indices are an operand, with a Clip before them unless they are constant (C5). */
export const gatherElements: Operator = {
  names: ['GatherElements'],
  checker: indexedChecker(opcodes.gatherElements),
  form(node) {
    const { dtype, dims } = inputOf(node, 0, allTypes)
    const axis = axisOf(node, intOf(node, 'axis', 0), dims.length)
    const { indices, bounded } = boundedIndices(node, 1, [dims[axis] as number])
    if (
      indices.dims.length !== dims.length ||
      indices.dims.some((dim, k) => k !== axis && dim > (dims[k] as number))
    )
      throw new OperatorError(
        `GatherElements: indices of shape [${indices.dims}] for [${dims}]`,
      )
    return {
      opcode: opcodes.gatherElements,
      attributes: [axis],
      inputs: [0, 1],
      outputs: [{ dtype, dims: indices.dims }],
      layouts: [undefined, undefined, undefined],
      bounded,
    }
  },
}
