import { floatOnly, predicateForm } from './form.js'
import { logicChecker, opcodes } from './logic.js'
import type { Operator } from './operator.js'

/** ONNX IsNaN and IsInf. */
export const isSpecial: Operator = {
  names: ['IsNaN', 'IsInf'],
  checker: logicChecker(opcodes.isSpecial),
  form: (node) => predicateForm(node, opcodes.isSpecial, 1, floatOnly),
}
