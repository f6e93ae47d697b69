import {
  entryAt,
  integerDot,
  integersInParts,
  quantizedFactors,
  requantized,
  requireNoOverflow,
} from './integerProduct.js'
import { matMulRanges, matMulShape } from './matMul.js'
import type { Checker, Operator } from './operator.js'
import { coordinatesOf } from './shape.js'
import { typeAt } from './typeAt.js'

const opcode = 104

/** Twin of `contracts/verification/operators/IntegerProductChecker.sol`. */
const checker: Checker = {
  opcode,
  class: 'float',
  ranges(query) {
    const at = coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
    const column = at.at(-1) ?? 0
    const products = matMulRanges(query, 3)
    const from = (operand: number) =>
      products.filter((range) => range.operand === operand)
    return [
      ...from(0),
      ...entryAt(query, 1, 0),
      ...entryAt(query, 2, 0),
      ...from(3),
      ...entryAt(query, 4, column),
      ...entryAt(query, 5, column),
      ...entryAt(query, 6, 0),
      ...entryAt(query, 7, 0),
    ]
  },
  evaluate(query, operands) {
    const sum = integerDot(query, operands, [0, 3, 2, 5])
    return requantized(query, operands, sum, [1, 4, 6], 7)
  },
  parts: (query) => integersInParts(3, checker.ranges(query)),
}

/** ONNX QLinearMatMul: quantised operands, rounded once to the result's scale (C4). */
export const qLinearMatMul: Operator = {
  names: ['QLinearMatMul'],
  checker,
  form(node) {
    const columns = node.inputs[3]?.dims ?? []
    const { a, b, dtype } = quantizedFactors(
      node,
      columns.length > 1 ? (columns.at(-1) as number) : 1,
    )
    const { dims, left, right } = matMulShape(node, a, b)
    requireNoOverflow(node, a.dims.at(-1) as number, undefined)
    const any = undefined
    return {
      opcode,
      class: 'float',
      attributes: [],
      inputs: [0, 1, 2, 3, 4, 5, 6, 7],
      outputs: [{ dtype, dims }],
      layouts: [left, any, any, right, any, any, any, any, any],
    }
  },
}
