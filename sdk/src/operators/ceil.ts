import { activationChecker, opcodes } from './activations.js'
import { elementwiseForm, floatOnly } from './form.js'
import type { Operator } from './operator.js'

/** ONNX Ceil: exact. */
export const ceil: Operator = {
  names: ['Ceil'],
  checker: activationChecker(opcodes.ceil),
  form: (node) => elementwiseForm(node, opcodes.ceil, 1, floatOnly),
}
