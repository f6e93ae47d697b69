import { arithmeticChecker, opcodes } from './arithmetic.js'
import { arithmeticTypes, elementwiseForm } from './form.js'
import type { Operator } from './operator.js'

/** ONNX Mul: correctly rounded, or wrapping on integers. */
export const mul: Operator = {
  names: ['Mul'],
  checker: arithmeticChecker(opcodes.mul),
  form: (node) => elementwiseForm(node, opcodes.mul, 2, arithmeticTypes),
}
