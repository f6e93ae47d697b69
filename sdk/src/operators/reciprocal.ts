import { arithmeticChecker, opcodes } from './arithmetic.js'
import { elementwiseForm, floatOnly } from './form.js'
import type { Operator } from './operator.js'

/** ONNX Reciprocal: 2 ulp. */
export const reciprocal: Operator = {
  names: ['Reciprocal'],
  checker: arithmeticChecker(opcodes.reciprocal),
  form: (node) => elementwiseForm(node, opcodes.reciprocal, 1, floatOnly),
}
