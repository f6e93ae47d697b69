import { arithmeticChecker, opcodes } from './arithmetic.js'
import { elementwiseForm, floatOnly } from './form.js'
import type { Operator } from './operator.js'

/** ONNX Div on float32: 2 ulp. */
export const div: Operator = {
  names: ['Div'],
  checker: arithmeticChecker(opcodes.div),
  form: (node) => elementwiseForm(node, opcodes.div, 2, floatOnly),
}
