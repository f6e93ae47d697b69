import { activationChecker, opcodes } from './activations.js'
import { elementwiseForm, finiteFloatWord, floatOnly } from './form.js'
import type { Operator } from './operator.js'

/** ONNX HardSigmoid: one rounding or two. */
export const hardSigmoid: Operator = {
  names: ['HardSigmoid'],
  checker: activationChecker(opcodes.hardSigmoid),
  form: (node) =>
    elementwiseForm(node, opcodes.hardSigmoid, 1, floatOnly, [
      finiteFloatWord(node, 'alpha', 0.2),
      finiteFloatWord(node, 'beta', 0.5),
    ]),
}
