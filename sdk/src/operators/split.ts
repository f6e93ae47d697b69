import { allTypes, axisOf, constantOf, inputOf, intOf, intsOf } from './form.js'
import { movementChecker, opcodes } from './movement.js'
import { type Operator, OperatorError, type OperatorNode } from './operator.js'

/** ONNX Split with constant sizes. */
export const split: Operator = {
  names: ['Split'],
  checker: movementChecker(opcodes.split),
  form(node) {
    const { dtype, dims } = inputOf(node, 0, allTypes)
    const axis = axisOf(node, intOf(node, 'axis', 0), dims.length)
    const sizes = sizesOf(node, dims[axis] as number)
    return {
      opcode: opcodes.split,
      attributes: [axis],
      inputs: [0],
      outputs: sizes.map((size) => ({
        dtype,
        dims: dims.map((dim, k) => (k === axis ? size : dim)),
      })),
      layouts: new Array(sizes.length + 1).fill(undefined),
    }
  },
}

/** Sizes are an attribute up to opset 12, an input from 13 on; else equal parts. */
function sizesOf(node: OperatorNode, length: number): number[] {
  const part = Math.ceil(length / node.outputs)
  const sizes =
    intsOf(node, 'split') ??
    constantOf(node, 1) ??
    Array.from({ length: node.outputs }, (_, k) =>
      Math.min(part, length - k * part),
    )
  const total = sizes.reduce((n, size) => n + size, 0)
  if (
    sizes.length !== node.outputs ||
    total !== length ||
    sizes.some((size) => size < 1)
  )
    throw new OperatorError(
      `Split: ${length} does not split into [${sizes}] for ${node.outputs} outputs`,
    )
  return sizes
}
