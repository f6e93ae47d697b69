import { elementwiseForm, floatOnly } from './form.js'
import { functionChecker, opcodes } from './functionChecker.js'
import type { Operator } from './operator.js'

/** ONNX Erf: 4 ulp. */
export const erf: Operator = {
  names: ['Erf'],
  checker: functionChecker(opcodes.erf),
  form: (node) => elementwiseForm(node, opcodes.erf, 1, floatOnly),
}
