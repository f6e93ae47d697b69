import { dtypes } from '../types/tensorType.js'
import { boundedIndices } from './boundedIndices.js'
import { allTypes, inputOf, intOf } from './form.js'
import { indexedChecker, opcodes } from './indexed.js'
import { type Operator, OperatorError } from './operator.js'

/** ONNX GatherND; indices are an operand, with a Clip before them unless they are constant (C5). */
export const gatherND: Operator = {
  names: ['GatherND'],
  checker: indexedChecker(opcodes.gatherND),
  form(node) {
    const { dtype, dims } = inputOf(node, 0, allTypes)
    const batch = intOf(node, 'batch_dims', 0)
    const outer = node.inputs[1]?.dims.slice(0, -1) ?? []
    const named = node.inputs[1]?.dims.at(-1) ?? 0
    const sizes = dims.slice(batch, batch + named)
    if (
      named < 1 ||
      sizes.length !== named ||
      batch < 0 ||
      batch > outer.length ||
      outer.slice(0, batch).some((dim, k) => dim !== dims[k])
    )
      throw new OperatorError(
        `GatherND: indices of shape [${node.inputs[1]?.dims}] for [${dims}]`,
      )
    const { bounded } = boundedIndices(node, 1, sizes, [dtypes.int64])
    return {
      opcode: opcodes.gatherND,
      attributes: [batch],
      inputs: [0, 1],
      outputs: [{ dtype, dims: [...outer, ...dims.slice(batch + named)] }],
      layouts: [undefined, undefined, undefined],
      bounded,
    }
  },
}
