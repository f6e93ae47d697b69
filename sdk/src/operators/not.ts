import { boolOnly, predicateForm } from './form.js'
import { logicChecker, opcodes } from './logic.js'
import type { Operator } from './operator.js'

/** ONNX Not: exact. */
export const not: Operator = {
  names: ['Not'],
  checker: logicChecker(opcodes.not),
  form: (node) => predicateForm(node, opcodes.not, 1, boolOnly),
}
