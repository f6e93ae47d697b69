import { arithmeticChecker, opcodes } from './arithmetic.js'
import { arithmeticTypes, elementwiseForm } from './form.js'
import type { Operator } from './operator.js'

/** ONNX Neg: exact. */
export const neg: Operator = {
  names: ['Neg'],
  checker: arithmeticChecker(opcodes.neg),
  form: (node) => elementwiseForm(node, opcodes.neg, 1, arithmeticTypes),
}
