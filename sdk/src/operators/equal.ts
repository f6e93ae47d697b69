import { comparableTypes, predicateForm } from './form.js'
import { logicChecker, opcodes } from './logic.js'
import type { Operator } from './operator.js'

/** ONNX Equal: exact; flushed subnormals may equal 0 (C0). */
export const equal: Operator = {
  names: ['Equal'],
  checker: logicChecker(opcodes.equal),
  form: (node) => predicateForm(node, opcodes.equal, 2, comparableTypes),
}
