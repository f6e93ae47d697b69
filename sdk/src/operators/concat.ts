import { allTypes, axisOf, inputOf, intOf } from './form.js'
import { movementChecker, opcodes } from './movement.js'
import { type InputType, type Operator, OperatorError } from './operator.js'

/** ONNX Concat: the inputs one after the other along an axis. */
export const concat: Operator = {
  names: ['Concat'],
  checker: movementChecker(opcodes.concat),
  form(node) {
    const given = node.inputs.map((_, k) => inputOf(node, k, allTypes))
    const first = inputOf(node, 0, allTypes)
    const axis = axisOf(node, intOf(node, 'axis'), first.dims.length)
    if (given.some((input) => !alike(input, first, axis)))
      throw new OperatorError(
        `Concat: ${given.map(({ dims }) => `[${dims}]`).join(', ')} do not join at axis ${axis}`,
      )
    const length = given.reduce((n, { dims }) => n + (dims[axis] as number), 0)
    return {
      opcode: opcodes.concat,
      attributes: [axis],
      inputs: given.map((_, k) => k),
      outputs: [
        {
          dtype: first.dtype,
          dims: first.dims.map((dim, k) => (k === axis ? length : dim)),
        },
      ],
      layouts: new Array(given.length + 1).fill(undefined),
    }
  },
}

function alike(a: InputType, b: InputType, axis: number): boolean {
  return (
    a.dtype === b.dtype &&
    a.dims.length === b.dims.length &&
    a.dims.every((dim, k) => k === axis || dim === b.dims[k])
  )
}
