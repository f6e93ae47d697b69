import { dtypes } from '../types/tensorType.js'
import { axisOf, constantOf, inputOf, intOf } from './form.js'
import { type Operator, OperatorError } from './operator.js'
import { opcodes, rankChecker } from './rank.js'

/** ONNX TopK with a constant k, sorted (C4, C5). */
export const topK: Operator = {
  names: ['TopK'],
  checker: rankChecker(opcodes.topK),
  form(node) {
    const { dtype, dims } = inputOf(node, 0, [
      dtypes.float32,
      dtypes.int32,
      dtypes.int64,
    ])
    const axis = axisOf(node, intOf(node, 'axis', -1), dims.length)
    const k = node.opset < 10 ? intOf(node, 'k') : constantOf(node, 1)?.[0]
    const size = dims[axis] as number
    if (k === undefined || k < 1 || k > size)
      throw new OperatorError(
        `TopK: k is ${k ?? 'not given'}, and axis ${axis} has ${size} elements: make k a constant from 1 to ${size}`,
      )
    if (intOf(node, 'sorted', 1) === 0)
      throw new OperatorError('TopK that is not sorted has any order (C4)')
    const ranked = dims.map((dim, other) => (other === axis ? k : dim))
    return {
      opcode: opcodes.topK,
      attributes: [axis, intOf(node, 'largest', 1) === 0 ? 0 : 1],
      inputs: [0],
      outputs: [
        { dtype, dims: ranked },
        { dtype: dtypes.int64, dims: ranked },
      ],
      // B3: the row last.
      layouts: [
        [...dims.map((_, other) => other).filter((o) => o !== axis), axis],
        undefined,
        undefined,
      ],
    }
  },
}
