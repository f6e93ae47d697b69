import { activationChecker, opcodes } from './activations.js'
import { elementwiseForm, floatOnly } from './form.js'
import type { Operator } from './operator.js'

/** ONNX Floor: exact. */
export const floor: Operator = {
  names: ['Floor'],
  checker: activationChecker(opcodes.floor),
  form: (node) => elementwiseForm(node, opcodes.floor, 1, floatOnly),
}
