import { elementwiseForm, floatOnly } from './form.js'
import { functionChecker, opcodes } from './functionChecker.js'
import type { Operator } from './operator.js'

/** ONNX Sqrt: 2 ulp. */
export const sqrt: Operator = {
  names: ['Sqrt'],
  checker: functionChecker(opcodes.sqrt),
  form: (node) => elementwiseForm(node, opcodes.sqrt, 1, floatOnly),
}
