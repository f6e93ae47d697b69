import { boolOnly, predicateForm } from './form.js'
import { logicChecker, opcodes } from './logic.js'
import type { Operator } from './operator.js'

/** ONNX Or: exact. */
export const or: Operator = {
  names: ['Or'],
  checker: logicChecker(opcodes.or),
  form: (node) => predicateForm(node, opcodes.or, 2, boolOnly),
}
