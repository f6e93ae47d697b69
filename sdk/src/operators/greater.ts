import { arithmeticTypes, predicateForm } from './form.js'
import { logicChecker, opcodes } from './logic.js'
import type { Operator } from './operator.js'

/** ONNX Greater: exact but for flushed subnormals (C0). */
export const greater: Operator = {
  names: ['Greater'],
  checker: logicChecker(opcodes.greater),
  form: (node) => predicateForm(node, opcodes.greater, 2, arithmeticTypes),
}
