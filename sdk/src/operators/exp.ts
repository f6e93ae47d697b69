import { elementwiseForm, floatOnly } from './form.js'
import { functionChecker, opcodes } from './functionChecker.js'
import type { Operator } from './operator.js'

/** ONNX Exp: 4 ulp. */
export const exp: Operator = {
  names: ['Exp'],
  checker: functionChecker(opcodes.exp),
  form: (node) => elementwiseForm(node, opcodes.exp, 1, floatOnly),
}
