import { allTypes, elementwiseForm } from './form.js'
import { movementChecker, opcodes } from './movement.js'
import type { Operator } from './operator.js'

/** ONNX Identity: the same bits. Also what lays one value out in another commitment order (B3). */
export const identity: Operator = {
  names: ['Identity'],
  checker: movementChecker(opcodes.identity),
  form: (node) => elementwiseForm(node, opcodes.identity, 1, allTypes),
}
