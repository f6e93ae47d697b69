import { dtypes } from '../types/tensorType.js'
import { boundedIndices } from './boundedIndices.js'
import { allTypes, inputOf, stringOf } from './form.js'
import { type Operator, OperatorError } from './operator.js'
import { opcodes, scatterChecker } from './scatter.js'

/** ONNX ScatterND without reduction. A proof shows all of its indices. */
export const scatterND: Operator = {
  names: ['ScatterND'],
  checker: scatterChecker(opcodes.scatterND),
  form(node) {
    const { dtype, dims } = inputOf(node, 0, allTypes)
    const updates = inputOf(node, 2, [dtype])
    const outer = node.inputs[1]?.dims.slice(0, -1) ?? []
    const named = node.inputs[1]?.dims.at(-1) ?? 0
    if (stringOf(node, 'reduction', 'none') !== 'none')
      throw new OperatorError('ScatterND with a reduction has no checker')
    if (
      named < 1 ||
      named > dims.length ||
      String(updates.dims) !== String([...outer, ...dims.slice(named)])
    )
      throw new OperatorError(
        `ScatterND: indices of shape [${node.inputs[1]?.dims}] and updates of shape [${updates.dims}] for [${dims}]`,
      )
    const { indices, bounded } = boundedIndices(node, 1, dims.slice(0, named), [
      dtypes.int64,
    ])
    return {
      opcode: opcodes.scatterND,
      attributes: [],
      inputs: [0, 1, 2],
      outputs: [{ dtype, dims }],
      // B3: the indices are read from end to end.
      layouts: [undefined, indices.dims.map((_, k) => k), undefined, undefined],
      bounded,
    }
  },
}
