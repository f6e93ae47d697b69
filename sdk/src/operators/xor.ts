import { boolOnly, predicateForm } from './form.js'
import { logicChecker, opcodes } from './logic.js'
import type { Operator } from './operator.js'

/** ONNX Xor: exact. */
export const xor: Operator = {
  names: ['Xor'],
  checker: logicChecker(opcodes.xor),
  form: (node) => predicateForm(node, opcodes.xor, 2, boolOnly),
}
