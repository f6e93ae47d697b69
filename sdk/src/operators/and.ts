import { boolOnly, predicateForm } from './form.js'
import { logicChecker, opcodes } from './logic.js'
import type { Operator } from './operator.js'

/** ONNX And: exact. */
export const and: Operator = {
  names: ['And'],
  checker: logicChecker(opcodes.and),
  form: (node) => predicateForm(node, opcodes.and, 2, boolOnly),
}
