import { arithmeticTypes, predicateForm } from './form.js'
import { logicChecker, opcodes } from './logic.js'
import type { Operator } from './operator.js'

/** ONNX LessOrEqual: exact but for flushed subnormals (C0). */
export const lessOrEqual: Operator = {
  names: ['LessOrEqual'],
  checker: logicChecker(opcodes.lessOrEqual),
  form: (node) => predicateForm(node, opcodes.lessOrEqual, 2, arithmeticTypes),
}
