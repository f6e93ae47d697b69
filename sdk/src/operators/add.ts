import { arithmeticChecker, opcodes } from './arithmetic.js'
import { arithmeticTypes, elementwiseForm } from './form.js'
import type { Operator } from './operator.js'

/** ONNX Add: correctly rounded, or wrapping on integers. */
export const add: Operator = {
  names: ['Add'],
  checker: arithmeticChecker(opcodes.add),
  form: (node) => elementwiseForm(node, opcodes.add, 2, arithmeticTypes),
}
