import { elementwiseForm, floatOnly } from './form.js'
import { functionChecker, opcodes } from './functionChecker.js'
import type { Operator } from './operator.js'

/** ONNX Softplus: 4 u and 16 ulp. */
export const softplus: Operator = {
  names: ['Softplus'],
  checker: functionChecker(opcodes.softplus),
  form: (node) => elementwiseForm(node, opcodes.softplus, 1, floatOnly),
}
