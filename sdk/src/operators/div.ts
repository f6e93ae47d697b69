import { dtypes } from '../types/tensorType.js'
import { arithmeticChecker, opcodes } from './arithmetic.js'
import { arithmeticTypes, constantOf, elementwiseForm } from './form.js'
import { type Operator, OperatorError, type OperatorNode } from './operator.js'

/** ONNX Div: 2 ulp on float32; integers by constants, truncated. */
export const div: Operator = {
  names: ['Div'],
  checker: arithmeticChecker(opcodes.div),
  form(node) {
    const form = elementwiseForm(node, opcodes.div, 2, arithmeticTypes)
    if (node.inputs[0]?.dtype !== dtypes.float32) requireDivisors(node)
    return form
  },
}

/**
 * The runtime dies of an integer divided by 0 and of the least one by -1, and a
 * requester picks the inputs (C5).
 */
function requireDivisors(node: OperatorNode): void {
  const refused = constantOf(node, 1)?.find((d) => d === 0 || d === -1)
  if (refused !== undefined)
    throw new OperatorError(`Div: a divisor is ${refused}`)
}
