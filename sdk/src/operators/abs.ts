import { arithmeticChecker, opcodes } from './arithmetic.js'
import { arithmeticTypes, elementwiseForm } from './form.js'
import type { Operator } from './operator.js'

/** ONNX Abs: exact. */
export const abs: Operator = {
  names: ['Abs'],
  checker: arithmeticChecker(opcodes.abs),
  form: (node) => elementwiseForm(node, opcodes.abs, 1, arithmeticTypes),
}
