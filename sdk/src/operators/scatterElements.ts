import { boundedIndices } from './boundedIndices.js'
import { allTypes, axisOf, inputOf, intOf, stringOf } from './form.js'
import { type Operator, OperatorError } from './operator.js'
import { opcodes, scatterChecker } from './scatter.js'

/** ONNX ScatterElements (and Scatter, its first name) without reduction. */
export const scatterElements: Operator = {
  names: ['ScatterElements', 'Scatter'],
  checker: scatterChecker(opcodes.scatterElements),
  form(node) {
    const { dtype, dims } = inputOf(node, 0, allTypes)
    const axis = axisOf(node, intOf(node, 'axis', 0), dims.length)
    const updates = inputOf(node, 2, [dtype])
    const { indices, bounded } = boundedIndices(node, 1, [dims[axis] as number])
    if (stringOf(node, 'reduction', 'none') !== 'none')
      throw new OperatorError(
        `${node.operator} with a reduction has no checker`,
      )
    if (
      indices.dims.length !== dims.length ||
      String(indices.dims) !== String(updates.dims) ||
      indices.dims.some((dim, k) => k !== axis && dim > (dims[k] as number))
    )
      throw new OperatorError(
        `${node.operator}: indices of shape [${indices.dims}] and updates of shape [${updates.dims}] for [${dims}]`,
      )
    const others = dims.map((_, k) => k).filter((k) => k !== axis)
    return {
      opcode: opcodes.scatterElements,
      attributes: [axis],
      inputs: [0, 1, 2],
      outputs: [{ dtype, dims }],
      // B3: all indices along the axis are read.
      layouts: [undefined, [...others, axis], undefined, undefined],
      bounded,
    }
  },
}
