import type { TensorType } from '../types/tensorType.js'
import { evaluateConv } from './conv.js'
import { floatOnly, inputOf, intOf, intsOf, stringOf } from './form.js'
import { productInParts } from './inParts.js'
import {
  type Checker,
  type ElementQuery,
  type Operator,
  OperatorError,
  type OperatorNode,
  type Range,
} from './operator.js'
import { committedAt, committedStride, coordinatesOf } from './shape.js'
import { typeAt } from './typeAt.js'

const opcode = 63

/** A kernel position and the input coordinate that it multiplies. */
type Tap = { kernel: number; input: number }

/** Twin of `contracts/verification/operators/ConvChecker.sol`. */
const checker: Checker = {
  opcode,
  class: 'float',

  ranges(query) {
    const x = typeAt(query.inputs, 0)
    const w = typeAt(query.inputs, 1)
    const at = coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
    const [batch = 0, filter = 0, ...position] = at
    const perGroup = w.dims[1] as number
    const count = (x.dims[1] as number) / (query.attributes[0] as number)
    const first = Math.floor(filter / perGroup) * count
    const cells = position.reduce<Tap[][]>(
      (lists, place, axis) => {
        const taps = tapsOf(query.attributes, x.dims.slice(2), axis, place)
        return lists.flatMap((list) => taps.map((tap) => [...list, tap]))
      },
      [[]],
    )
    return [
      ...cells.map((taps) =>
        channelRange(0, x, 1, count, [
          batch,
          first,
          ...taps.map(({ input }) => input),
        ]),
      ),
      ...cells.map((taps) =>
        channelRange(1, w, 0, count, [
          first,
          filter % perGroup,
          ...taps.map(({ kernel }) => kernel),
        ]),
      ),
      ...(query.inputs[2] === undefined
        ? []
        : [{ operand: 2, first: filter, count: 1, stride: 1 }]),
    ]
  },

  evaluate: (query: ElementQuery, operands) =>
    evaluateConv(operands, query.arithmetic),

  parts: (query) => productInParts(checker.ranges(query)),
}

/** The channels of the group at one cell. */
function channelRange(
  operand: number,
  type: TensorType,
  axis: number,
  count: number,
  at: readonly number[],
): Range {
  return {
    operand,
    first: committedAt(type, at),
    count,
    stride: count === 1 ? 1 : committedStride(type, axis),
  }
}

/** Which kernel positions carry which input cells to output position `place` of an axis. */
function tapsOf(
  attributes: readonly number[],
  sizes: readonly number[],
  axis: number,
  place: number,
): Tap[] {
  const rank = sizes.length
  const attribute = (list: number) =>
    attributes[1 + list * rank + axis] as number
  const taps: Tap[] = []
  for (let kernel = 0; kernel < attribute(0); kernel++) {
    const reach = place + attribute(3) - kernel * attribute(2)
    const input = reach / attribute(1)
    if (reach >= 0 && reach % attribute(1) === 0 && input < (sizes[axis] ?? 0))
      taps.push({ kernel, input })
  }
  return taps
}

/** ONNX ConvTranspose with explicit padding. */
export const convTranspose: Operator = {
  names: ['ConvTranspose'],
  checker,
  form(node) {
    const x = inputOf(node, 0, floatOnly)
    const w = inputOf(node, 1, floatOnly)
    const rank = x.dims.length - 2
    if (rank < 1 || w.dims.length !== x.dims.length)
      throw new OperatorError(
        `ConvTranspose of ranks ${x.dims.length} and ${w.dims.length}`,
      )
    const [batch = 0, channels = 0, ...sizes] = x.dims
    const [rows = 0, perGroup = 0, ...kernel] = w.dims
    const group = intOf(node, 'group', 1)
    if (group < 1 || rows !== channels || channels % group !== 0)
      throw new OperatorError(
        `ConvTranspose of ${channels} channels, ${rows} rows, ${group} groups`,
      )
    const filters = perGroup * group
    const inputs = node.inputs[2] === undefined ? [0, 1] : [0, 1, 2]
    if (inputs.length === 3 && inputOf(node, 2, floatOnly).dims[0] !== filters)
      throw new OperatorError('ConvTranspose: bias of another length')
    const lists = listsOf(node, kernel)
    const attributes = [group, ...lists.flat()]
    const [, strides, dilations, begins, ends, extra] = lists
    const out = sizes.map(
      (size, axis) =>
        (size - 1) * at(strides, axis) +
        at(extra, axis) +
        (at(kernel, axis) - 1) * at(dilations, axis) +
        1 -
        at(begins, axis) -
        at(ends, axis),
    )
    out.forEach((length, axis) => {
      if (length < 1) throw new OperatorError('ConvTranspose with no output')
      for (let place = 0; place < length; place++)
        if (tapsOf(attributes, sizes, axis, place).length === 0)
          throw new OperatorError(
            'ConvTranspose: an output cell without a term',
          )
    })
    const axes = sizes.map((_, axis) => axis + 2)
    return {
      opcode,
      attributes,
      inputs,
      outputs: [{ dtype: x.dtype, dims: [batch, filters, ...out] }],
      // B3: the reduced channels last.
      layouts: [
        [0, ...axes, 1],
        [1, ...axes, 0],
        ...inputs.slice(2).map(() => undefined),
        undefined,
      ],
    }
  },
}

type Lists = [number[], number[], number[], number[], number[], number[]]

/** Kernel, strides, dilations, begins, ends and output padding. */
function listsOf(node: OperatorNode, kernel: number[]): Lists {
  const rank = kernel.length
  if (
    stringOf(node, 'auto_pad', 'NOTSET') !== 'NOTSET' ||
    node.attributes.has('output_shape')
  )
    throw new OperatorError(
      'ConvTranspose: only explicit padding has a checker',
    )
  const named = intsOf(node, 'kernel_shape')
  if (named !== undefined && String(named) !== String(kernel))
    throw new OperatorError(`ConvTranspose: kernel_shape [${named}]`)
  const list = (name: string, length: number, value: number, least: number) => {
    const own = intsOf(node, name) ?? new Array<number>(length).fill(value)
    if (own.length !== length || own.some((entry) => entry < least))
      throw new OperatorError(`ConvTranspose: ${name} [${own}]`)
    return own
  }
  const pads = list('pads', 2 * rank, 0, 0)
  return [
    kernel,
    list('strides', rank, 1, 1),
    list('dilations', rank, 1, 1),
    pads.slice(0, rank),
    pads.slice(rank),
    list('output_padding', rank, 0, 0),
  ]
}

function at(list: readonly number[], axis: number): number {
  return list[axis] as number
}
