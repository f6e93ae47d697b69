import { activationChecker, opcodes } from './activations.js'
import { elementwiseForm, floatOnly } from './form.js'
import type { Operator } from './operator.js'

/** ONNX HardSwish: 4 u |x|. */
export const hardSwish: Operator = {
  names: ['HardSwish'],
  checker: activationChecker(opcodes.hardSwish),
  form: (node) => elementwiseForm(node, opcodes.hardSwish, 1, floatOnly),
}
