import { elementwiseForm, floatOnly } from './form.js'
import { functionChecker, opcodes } from './functionChecker.js'
import type { Operator } from './operator.js'

/** ONNX Sigmoid: 8 u and 4 ulp. */
export const sigmoid: Operator = {
  names: ['Sigmoid'],
  checker: functionChecker(opcodes.sigmoid),
  form: (node) => elementwiseForm(node, opcodes.sigmoid, 1, floatOnly),
}
