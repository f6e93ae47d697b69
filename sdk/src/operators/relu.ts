import { activationChecker, opcodes } from './activations.js'
import { arithmeticTypes, elementwiseForm } from './form.js'
import type { Operator } from './operator.js'

/** ONNX Relu: exact. */
export const relu: Operator = {
  names: ['Relu'],
  checker: activationChecker(opcodes.relu),
  form: (node) => elementwiseForm(node, opcodes.relu, 1, arithmeticTypes),
}
