import { floatOnly, inputOf } from './form.js'
import { type Operator, OperatorError } from './operator.js'
import { reduceChecker } from './reduce.js'
import { typeAt } from './typeAt.js'

const opcode = 80

/** ONNX GlobalAveragePool: the mean over all spatial axes. */
export const globalAveragePool: Operator = {
  names: ['GlobalAveragePool'],
  checker: reduceChecker(opcode, 'mean', (query) =>
    typeAt(query.inputs, 0)
      .dims.map((_, axis) => axis)
      .slice(2),
  ),
  form(node) {
    const x = inputOf(node, 0, floatOnly)
    if (x.dims.length < 3)
      throw new OperatorError(`GlobalAveragePool of rank ${x.dims.length}`)
    return {
      opcode,
      attributes: [],
      inputs: [0],
      outputs: [
        {
          dtype: x.dtype,
          dims: x.dims.map((dim, axis) => (axis < 2 ? dim : 1)),
        },
      ],
      // B3: channels first.
      layouts: [x.dims.map((_, axis) => axis), undefined],
    }
  },
}
