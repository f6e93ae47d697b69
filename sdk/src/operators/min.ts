import { arithmeticChecker, opcodes } from './arithmetic.js'
import { arithmeticTypes, elementwiseForm } from './form.js'
import type { Operator } from './operator.js'

/** ONNX Min: exact; a NaN accepts anything (C4). */
export const min: Operator = {
  names: ['Min'],
  checker: arithmeticChecker(opcodes.min),
  form: (node) =>
    elementwiseForm(node, opcodes.min, node.inputs.length, arithmeticTypes),
}
