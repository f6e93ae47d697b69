import { activationChecker, opcodes } from './activations.js'
import { elementwiseForm, finiteFloatWord, floatOnly } from './form.js'
import type { Operator } from './operator.js'

/** ONNX LeakyRelu: correctly rounded. */
export const leakyRelu: Operator = {
  names: ['LeakyRelu'],
  checker: activationChecker(opcodes.leakyRelu),
  form: (node) =>
    elementwiseForm(node, opcodes.leakyRelu, 1, floatOnly, [
      finiteFloatWord(node, 'alpha', 0.01),
    ]),
}
