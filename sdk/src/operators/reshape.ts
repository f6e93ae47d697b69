import { allTypes, axisOf, constantOf, inputOf, intOf, intsOf } from './form.js'
import { movementChecker, opcodes } from './movement.js'
import { type Operator, OperatorError, type OperatorNode } from './operator.js'
import { countOf } from './shape.js'

/** ONNX Reshape, Flatten, Squeeze and Unsqueeze: the same elements in another shape. */
export const reshape: Operator = {
  names: ['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'],
  checker: movementChecker(opcodes.reshape),
  form(node) {
    const input = inputOf(node, 0, allTypes)
    const dims = dimsOf(node, input.dims)
    if (countOf(dims) !== countOf(input.dims))
      throw new OperatorError(
        `${node.operator}: [${input.dims}] does not fit [${dims}]`,
      )
    return {
      opcode: opcodes.reshape,
      attributes: [],
      inputs: [0],
      outputs: [{ dtype: input.dtype, dims }],
      layouts: [undefined, undefined],
    }
  },
}

function dimsOf(node: OperatorNode, dims: readonly number[]): number[] {
  switch (node.operator) {
    case 'Flatten': {
      const given = intOf(node, 'axis', 1)
      // Flatten alone takes the rank itself as an axis.
      const axis =
        given === dims.length ? given : axisOf(node, given, dims.length)
      return [countOf(dims.slice(0, axis)), countOf(dims.slice(axis))]
    }
    case 'Squeeze':
      return squeezed(node, dims)
    case 'Unsqueeze':
      return unsqueezed(node, dims)
    default:
      return reshaped(node, dims)
  }
}

/** Axes are an attribute up to opset 12, an input from 13 on. */
function axesOf(node: OperatorNode): number[] | undefined {
  return intsOf(node, 'axes') ?? constantOf(node, 1)
}

function squeezed(node: OperatorNode, dims: readonly number[]): number[] {
  const axes = axesOf(node)?.map((axis) => axisOf(node, axis, dims.length))
  if (axes === undefined) return dims.filter((dim) => dim !== 1)
  const wide = axes.find((axis) => dims[axis] !== 1)
  if (wide !== undefined)
    throw new OperatorError(`Squeeze: axis ${wide} of [${dims}] is not 1`)
  return dims.filter((_, k) => !axes.includes(k))
}

function unsqueezed(node: OperatorNode, dims: readonly number[]): number[] {
  const given = axesOf(node)
  if (given === undefined) throw new OperatorError('Unsqueeze names no axes')
  const rank = dims.length + given.length
  const axes = new Set(given.map((axis) => axisOf(node, axis, rank)))
  if (axes.size !== given.length)
    throw new OperatorError('Unsqueeze names an axis twice')
  const rest = [...dims]
  return Array.from({ length: rank }, (_, k) =>
    axes.has(k) ? 1 : (rest.shift() as number),
  )
}

function reshaped(node: OperatorNode, dims: readonly number[]): number[] {
  const wanted = constantOf(node, 1)
  if (wanted === undefined) throw new OperatorError('Reshape names no shape')
  const allowZero = intOf(node, 'allowzero', 0) === 1
  const shape = wanted.map((dim, k) => {
    if (dim !== 0 || allowZero) return dim
    const copied = dims[k]
    if (copied === undefined)
      throw new OperatorError(`Reshape: no axis ${k} to copy`)
    return copied
  })
  const open = shape.indexOf(-1)
  if (open >= 0) {
    const known = shape.reduce((n, dim, k) => (k === open ? n : n * dim), 1)
    shape[open] = countOf(dims) / known
  }
  if (shape.some((dim) => !Number.isInteger(dim) || dim < 1))
    throw new OperatorError(`Reshape: [${dims}] does not fit [${wanted}]`)
  return shape
}
