import { elementwiseForm, finiteFloatWord, floatOnly } from './form.js'
import { functionChecker, opcodes } from './functionChecker.js'
import type { Operator } from './operator.js'

/** ONNX Elu: |alpha| 12 u and 2 ulp. */
export const elu: Operator = {
  names: ['Elu'],
  checker: functionChecker(opcodes.elu),
  form: (node) =>
    elementwiseForm(node, opcodes.elu, 1, floatOnly, [
      finiteFloatWord(node, 'alpha', 1),
    ]),
}
