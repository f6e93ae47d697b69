import { arithmeticTypes, predicateForm } from './form.js'
import { logicChecker, opcodes } from './logic.js'
import type { Operator } from './operator.js'

/** ONNX GreaterOrEqual: exact but for flushed subnormals (C0). */
export const greaterOrEqual: Operator = {
  names: ['GreaterOrEqual'],
  checker: logicChecker(opcodes.greaterOrEqual),
  form: (node) =>
    predicateForm(node, opcodes.greaterOrEqual, 2, arithmeticTypes),
}
