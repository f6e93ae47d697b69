import { arithmeticTypes, predicateForm } from './form.js'
import { logicChecker, opcodes } from './logic.js'
import type { Operator } from './operator.js'

/** ONNX Less: exact but for flushed subnormals (C0). */
export const less: Operator = {
  names: ['Less'],
  checker: logicChecker(opcodes.less),
  form: (node) => predicateForm(node, opcodes.less, 2, arithmeticTypes),
}
