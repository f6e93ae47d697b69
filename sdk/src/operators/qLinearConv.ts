import { dtypes } from '../types/tensorType.js'
import { convRanges, convShape, requireBias } from './conv.js'
import { inputOf } from './form.js'
import {
  entryAt,
  integerDot,
  integersInParts,
  quantizedFactors,
  requantized,
  requireNoOverflow,
} from './integerProduct.js'
import type { Checker, Operand, Operator } from './operator.js'
import { coordinatesOf } from './shape.js'
import { typeAt } from './typeAt.js'
import { integerAt } from './values.js'

const opcode = 105
const bias = 8

/** Twin of `contracts/verification/operators/IntegerProductChecker.sol`. */
const checker: Checker = {
  opcode,
  class: 'float',
  ranges(query) {
    const at = coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
    const filter = at[1] as number
    const products = convRanges(query, 3, bias)
    const from = (operand: number) =>
      products.filter((range) => range.operand === operand)
    return [
      ...from(0),
      ...entryAt(query, 1, 0),
      ...entryAt(query, 2, 0),
      ...from(3),
      ...entryAt(query, 4, filter),
      ...entryAt(query, 5, filter),
      ...entryAt(query, 6, 0),
      ...entryAt(query, 7, 0),
      ...from(bias),
    ]
  },
  evaluate(query, operands) {
    const sum = integerDot(query, operands, [0, 3, 2, 5])
    const added =
      query.inputs[bias] === undefined
        ? 0n
        : (integerAt(operands[bias] as Operand, 0, dtypes.int32)?.low ?? 0n)
    return requantized(query, operands, sum + added, [1, 4, 6], 7)
  },
  parts: (query) => integersInParts(3, checker.ranges(query)),
}

/** ONNX QLinearConv; the bias is int32 in units of both scales (C4). */
export const qLinearConv: Operator = {
  names: ['QLinearConv'],
  checker,
  form(node) {
    const { a, b, dtype } = quantizedFactors(node, node.inputs[3]?.dims[0] ?? 1)
    const { attributes, dims, order, filters, terms } = convShape(node, a, b)
    const inputs = [0, 1, 2, 3, 4, 5, 6, 7]
    const given = node.inputs[bias] && inputOf(node, bias, [dtypes.int32])
    if (given !== undefined) {
      requireBias(given, node, filters)
      inputs.push(bias)
    }
    requireNoOverflow(node, terms, given)
    const any = undefined
    return {
      opcode,
      class: 'float',
      attributes,
      inputs,
      outputs: [{ dtype, dims }],
      layouts: [
        ...[order, any, any, order, any, any, any, any],
        ...inputs.slice(8).map(() => any),
        any,
      ],
    }
  },
}
