import { dtypes } from '../types/tensorType.js'
import { convRanges, convShape } from './conv.js'
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
import type { Checker, Operator } from './operator.js'
import { coordinatesOf } from './shape.js'
import { typeAt } from './typeAt.js'

const opcode = 103
/** No operand: ConvInteger has no bias. */
const none = 255

/** Twin of `contracts/verification/operators/IntegerProductChecker.sol`. */
const checker: Checker = {
  opcode,
  class: 'exact',
  ranges(query) {
    const at = coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
    return [
      ...convRanges(query, 1, none),
      ...entryAt(query, 2, 0),
      ...entryAt(query, 3, at[1] as number),
    ]
  },
  evaluate: (query, operands) =>
    wrappedWord(integerDot(query, operands, [0, 1, 2, 3])),
  parts: (query) => integersInParts(1, checker.ranges(query)),
}

/** ONNX ConvInteger; cells of the padding have the zero point, and add nothing. */
export const convInteger: Operator = {
  names: ['ConvInteger'],
  checker,
  form(node) {
    const x = inputOf(node, 0, byteTypes)
    const w = inputOf(node, 1, byteTypes)
    const { attributes, dims, order } = convShape(node, x, w)
    const inputs = [0, 1]
    if (node.inputs[2]) parameterOf(node, 2, [x.dtype], 1)
    // ONNX Runtime has no kernel for one zero point a filter.
    if (node.inputs[3]) parameterOf(node, 3, [w.dtype], 1)
    if (node.inputs[2] || node.inputs[3]) inputs.push(2)
    if (node.inputs[3]) inputs.push(3)
    requireUnsaturated(node, x, w)
    return {
      opcode,
      attributes,
      inputs,
      outputs: [{ dtype: dtypes.int32, dims }],
      layouts: [
        order,
        order,
        ...inputs.slice(2).map(() => undefined),
        undefined,
      ],
    }
  },
}
