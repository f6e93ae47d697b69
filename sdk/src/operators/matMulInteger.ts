import { dtypes } from '../types/tensorType.js'
import { inputOf } from './form.js'
import {
  byteTypes,
  entryAt,
  integerDot,
  integersInParts,
  parameterOf,
  requireUnsaturated,
  wrappedWord,
} from './integerProduct.js'
import { matMulRanges, matMulShape } from './matMul.js'
import type { Checker, Operator } from './operator.js'
import { coordinatesOf } from './shape.js'
import { typeAt } from './typeAt.js'

const opcode = 102

/** Twin of `contracts/verification/operators/IntegerProductChecker.sol`. */
const checker: Checker = {
  opcode,
  class: 'exact',
  ranges(query) {
    const at = coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
    return [
      ...matMulRanges(query, 1),
      ...entryAt(query, 2, 0),
      ...entryAt(query, 3, at.at(-1) ?? 0),
    ]
  },
  evaluate: (query, operands) =>
    wrappedWord(integerDot(query, operands, [0, 1, 2, 3])),
  parts: (query) => integersInParts(1, checker.ranges(query)),
}

/** ONNX MatMulInteger: int8 or uint8 products in int32, with zero points. */
export const matMulInteger: Operator = {
  names: ['MatMulInteger'],
  checker,
  form(node) {
    const a = inputOf(node, 0, byteTypes)
    const b = inputOf(node, 1, byteTypes)
    const { dims, left, right } = matMulShape(node, a, b)
    const columns = b.dims.length > 1 ? (b.dims.at(-1) as number) : 1
    const inputs = [0, 1]
    if (node.inputs[2]) parameterOf(node, 2, [a.dtype], 1)
    if (node.inputs[3]) parameterOf(node, 3, [b.dtype], columns)
    if (node.inputs[2] || node.inputs[3]) inputs.push(2)
    if (node.inputs[3]) inputs.push(3)
    requireUnsaturated(node, a, b)
    return {
      opcode,
      attributes: [],
      inputs,
      outputs: [{ dtype: dtypes.int32, dims }],
      layouts: [
        left,
        right,
        ...inputs.slice(2).map(() => undefined),
        undefined,
      ],
    }
  },
}
