import { arithmeticChecker, opcodes } from './arithmetic.js'
import { elementwiseForm, floatOnly } from './form.js'
import type { Operator } from './operator.js'

/** ONNX Sum: any order of additions. */
export const sum: Operator = {
  names: ['Sum'],
  checker: arithmeticChecker(opcodes.sum),
  form: (node) =>
    elementwiseForm(node, opcodes.sum, node.inputs.length, floatOnly),
}
