import { arithmeticChecker, opcodes } from './arithmetic.js'
import { arithmeticTypes, elementwiseForm } from './form.js'
import type { Operator } from './operator.js'

/** ONNX Sub: correctly rounded, or wrapping on integers. */
export const sub: Operator = {
  names: ['Sub'],
  checker: arithmeticChecker(opcodes.sub),
  form: (node) => elementwiseForm(node, opcodes.sub, 2, arithmeticTypes),
}
