import { arithmeticChecker, opcodes } from './arithmetic.js'
import { elementwiseForm, floatOnly } from './form.js'
import type { Operator } from './operator.js'

/** ONNX Mean over its inputs: any order of additions. */
export const mean: Operator = {
  names: ['Mean'],
  checker: arithmeticChecker(opcodes.mean),
  form: (node) =>
    elementwiseForm(node, opcodes.mean, node.inputs.length, floatOnly),
}
