import { elementwiseForm, floatOnly } from './form.js'
import { functionChecker, opcodes } from './functionChecker.js'
import type { Operator } from './operator.js'

/** ONNX Tanh: 12 ulp. */
export const tanh: Operator = {
  names: ['Tanh'],
  checker: functionChecker(opcodes.tanh),
  form: (node) => elementwiseForm(node, opcodes.tanh, 1, floatOnly),
}
