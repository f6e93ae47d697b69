import { arithmeticChecker, opcodes } from './arithmetic.js'
import { arithmeticTypes, elementwiseForm } from './form.js'
import type { Operator } from './operator.js'

/** ONNX Max: exact; a NaN accepts anything (C4). */
export const max: Operator = {
  names: ['Max'],
  checker: arithmeticChecker(opcodes.max),
  form: (node) =>
    elementwiseForm(node, opcodes.max, node.inputs.length, arithmeticTypes),
}
