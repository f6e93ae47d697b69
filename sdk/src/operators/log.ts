import { elementwiseForm, floatOnly } from './form.js'
import { functionChecker, opcodes } from './functionChecker.js'
import type { Operator } from './operator.js'

/** ONNX Log: 8 ulp. */
export const log: Operator = {
  names: ['Log'],
  checker: functionChecker(opcodes.log),
  form: (node) => elementwiseForm(node, opcodes.log, 1, floatOnly),
}
