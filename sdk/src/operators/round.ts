import { activationChecker, opcodes } from './activations.js'
import { elementwiseForm, floatOnly } from './form.js'
import type { Operator } from './operator.js'

/** ONNX Round, half to even: exact. */
export const round: Operator = {
  names: ['Round'],
  checker: activationChecker(opcodes.round),
  form: (node) => elementwiseForm(node, opcodes.round, 1, floatOnly),
}
