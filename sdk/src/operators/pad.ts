import { dtypes } from '../types/tensorType.js'
import {
  allTypes,
  axisOf,
  constantOf,
  floatOf,
  floatWord,
  inputOf,
  intsOf,
  stringOf,
  wordOf,
} from './form.js'
import { movementChecker, opcodes, padModes } from './movement.js'
import { type Operator, OperatorError, type OperatorNode } from './operator.js'

/** ONNX Pad with constant widths, modes constant, reflect, edge and wrap. */
export const pad: Operator = {
  names: ['Pad'],
  checker: movementChecker(opcodes.pad),
  form(node) {
    const { dtype, dims } = inputOf(node, 0, allTypes)
    const { begins, ends } = widthsOf(node, dims.length)
    const name = stringOf(node, 'mode', 'constant')
    if (!isMode(name))
      throw new OperatorError(`Pad: mode ${name} has no checker`)
    // The outermost cell that a mode repeats.
    const reach = { constant: Infinity, reflect: -1, edge: Infinity, wrap: 0 }
    dims.forEach((dim, k) => {
      const [begin, end] = [begins[k] as number, ends[k] as number]
      if (Math.max(begin, end) > dim + reach[name])
        throw new OperatorError(`Pad: mode ${name} by more than axis ${k} has`)
      if (name === 'wrap' && Math.min(begin, end) < 0)
        throw new OperatorError('Pad: mode wrap that cuts has no checker')
    })
    const padded = dims.map(
      (dim, k) => dim + (begins[k] as number) + (ends[k] as number),
    )
    if (padded.some((dim) => dim < 1))
      throw new OperatorError('Pad leaves nothing')
    const value =
      node.opset < 11
        ? floatOf(node, 'value', 0)
        : (constantOf(node, 2)?.[0] ?? 0)
    if (dtype === dtypes.float16 || dtype === dtypes.float64)
      throw new OperatorError('Pad: this element type has no checker')
    return {
      opcode: opcodes.pad,
      attributes: [
        ...begins,
        ...ends,
        padModes[name],
        dtype === dtypes.float32 ? floatWord(value) : wordOf(node, value),
      ],
      inputs: [0],
      outputs: [{ dtype, dims: padded }],
      layouts: [undefined, undefined],
    }
  },
}

function isMode(name: string): name is keyof typeof padModes {
  return Object.hasOwn(padModes, name)
}

/** Widths are an attribute up to opset 10, an input from 11 on; axes came with 18. */
function widthsOf(
  node: OperatorNode,
  rank: number,
): { begins: number[]; ends: number[] } {
  const given = intsOf(node, 'pads') ?? constantOf(node, 1)
  const axes =
    constantOf(node, 3)?.map((axis) => axisOf(node, axis, rank)) ??
    Array.from({ length: rank }, (_, k) => k)
  if (given?.length !== 2 * axes.length)
    throw new OperatorError('Pad: widths and axes do not match')
  const begins = new Array<number>(rank).fill(0)
  const ends = new Array<number>(rank).fill(0)
  axes.forEach((axis, i) => {
    begins[axis] = given[i] as number
    ends[axis] = given[axes.length + i] as number
  })
  return { begins, ends }
}
