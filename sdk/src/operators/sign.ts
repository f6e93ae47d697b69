import { activationChecker, opcodes } from './activations.js'
import { elementwiseForm, floatOnly } from './form.js'
import type { Operator } from './operator.js'

/** ONNX Sign: exact. */
export const sign: Operator = {
  names: ['Sign'],
  checker: activationChecker(opcodes.sign),
  form: (node) => elementwiseForm(node, opcodes.sign, 1, floatOnly),
}
