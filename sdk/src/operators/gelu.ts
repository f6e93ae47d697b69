import { elementwiseForm, floatOnly, stringOf } from './form.js'
import { functionChecker, opcodes } from './functionChecker.js'
import { type Operator, OperatorError } from './operator.js'

/** ONNX Gelu: 8 u |x| by erf, 16 u |x| by tanh. */
export const gelu: Operator = {
  names: ['Gelu'],
  checker: functionChecker(opcodes.gelu),
  form(node) {
    const form = stringOf(node, 'approximate', 'none')
    if (form !== 'none' && form !== 'tanh')
      throw new OperatorError(`Gelu: no form ${form}`)
    const attributes = [form === 'tanh' ? 1 : 0]
    return elementwiseForm(node, opcodes.gelu, 1, floatOnly, attributes)
  },
}
