import type { Arithmetic } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import type { TensorType } from '../types/tensorType.js'
import { dotInterval, exactDot } from './exactDot.js'
import { floatOnly, inputOf, intOf, intsOf } from './form.js'
import { productInParts } from './inParts.js'
import { type Loops, loopRanges } from './loops.js'
import {
  type Checker,
  type ElementQuery,
  type InputType,
  type Operand,
  type Operator,
  OperatorError,
  type OperatorForm,
  type OperatorNode,
  type Range,
} from './operator.js'
import { concatBytes, onesOf } from './packed.js'
import { requireCommitted } from './requireCommitted.js'
import {
  committedAt,
  committedStride,
  coordinatesOf,
  countOf,
} from './shape.js'
import { requireCells, spatialOf, spatialWords } from './spatial.js'
import { typeAt } from './typeAt.js'
import { windowAt } from './window.js'

const opcode = 62

/** Twin of `contracts/verification/operators/ConvChecker.sol`. */
const checker: Checker = {
  opcode,
  class: 'float',

  ranges: (query) => convRanges(query, 1, 2),

  evaluate: (query, operands) => evaluateConv(operands, query.arithmetic),

  parts: (query) => productInParts(convRanges(query, 1, 2)),
}

/**
 * The cells of one window, in operand 0, the weights in operand `weight`, and
 * the bias in operand `bias` where there is one.
 */
export function convRanges(
  query: ElementQuery,
  weight: number,
  bias: number,
): Range[] {
  const at = coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
  const { x, w } = nestsOf(query, at, typeAt(query.inputs, weight))
  const ranges = [...loopRanges(0, x), ...loopRanges(weight, w)]
  if (query.inputs[bias] !== undefined)
    ranges.push({
      operand: bias,
      first: at[1] as number,
      count: 1,
      stride: 1,
    })
  return ranges
}

/** The interval of a convolution of the operands that its ranges name. */
export function evaluateConv(
  operands: readonly Operand[],
  arithmetic?: Arithmetic,
): Interval {
  requireCommitted(operands)
  const [x, w, bias] = operands as [Operand, Operand, Operand?]
  if (bias === undefined || bias.data.length === 0)
    return dotInterval(exactDot(x.data, w.data), arithmetic)
  // The bias is one more term, times 1.
  return dotInterval(
    exactDot(concatBytes(x.data, bias.data), concatBytes(w.data, onesOf(1))),
    arithmetic,
  )
}

/** Both operands in the same order: the order of commitment of the input. */
function nestsOf(
  query: ElementQuery,
  at: readonly number[],
  weight: TensorType,
): { x: Loops; w: Loops } {
  const input = typeAt(query.inputs, 0)
  const window = windowAt(query.attributes, 1, input.dims.slice(2), at.slice(2))
  const [filters, channels] = weight.dims as [number, number]
  const perGroup = filters / (query.attributes[0] as number)
  const filter = at[1] as number
  const first = Math.floor(filter / perGroup) * channels
  const axes = input.perm.filter((axis) => axis !== 0)
  const turns = axes.map((axis) =>
    axis === 1 ? channels : (window.counts[axis - 2] as number),
  )
  return {
    x: {
      first: committedAt(input, [at[0] as number, first, ...window.first]),
      loops: axes.map((axis, k) => ({
        count: turns[k] as number,
        stride:
          committedStride(input, axis) *
          (axis === 1 ? 1 : (window.dilations[axis - 2] as number)),
      })),
    },
    w: {
      first: committedAt(weight, [filter, 0, ...window.kernel]),
      loops: axes.map((axis, k) => ({
        count: turns[k] as number,
        stride: committedStride(weight, axis),
      })),
    },
  }
}

/** Attributes, shape and commitment order of a convolution, and its products an element. */
export function convShape(
  node: OperatorNode,
  x: InputType,
  w: InputType,
): {
  attributes: readonly number[]
  dims: readonly number[]
  order: readonly number[]
  filters: number
  terms: number
} {
  const name = node.operator
  const rank = x.dims.length
  if (rank < 3 || w.dims.length !== rank)
    throw new OperatorError(`${name} of ranks ${rank} and ${w.dims.length}`)
  const [batch, channels] = x.dims as [number, number]
  const [filters, perGroup] = w.dims as [number, number]
  const group = intOf(node, 'group', 1)
  if (group < 1 || channels !== perGroup * group || filters % group !== 0)
    throw new OperatorError(
      `${name} of ${channels} channels, ${filters} filters of ${perGroup}, ${group} groups`,
    )
  const kernel = w.dims.slice(2)
  const named = intsOf(node, 'kernel_shape')
  if (named !== undefined && String(named) !== String(kernel))
    throw new OperatorError(
      `${name}: kernel_shape [${named}] is not the weight's`,
    )
  const spatial = spatialOf(node, x.dims.slice(2), kernel)
  requireCells(node, x.dims.slice(2), spatial)
  const axes = x.dims.slice(2).map((_, axis) => axis + 2)
  return {
    attributes: [group, ...spatialWords(spatial)],
    dims: [batch, filters, ...spatial.sizes],
    // B3: a depthwise kernel reads one channel, any other all channels of its cells.
    order: perGroup === 1 ? [0, 1, ...axes] : [0, ...axes, 1],
    filters,
    terms: countOf(w.dims.slice(1)),
  }
}

/** ONNX Conv of any spatial rank, with groups, dilations and padding. */
export const conv: Operator = {
  names: ['Conv'],
  checker,
  form(node: OperatorNode): OperatorForm {
    const x = inputOf(node, 0, floatOnly)
    const w = inputOf(node, 1, floatOnly)
    const { attributes, dims, order, filters } = convShape(node, x, w)
    const inputs = [0, 1]
    if (node.inputs[2] !== undefined) {
      requireBias(inputOf(node, 2, floatOnly), node, filters)
      inputs.push(2)
    }
    return {
      opcode,
      attributes,
      inputs,
      outputs: [{ dtype: x.dtype, dims }],
      layouts: [
        order,
        order,
        ...inputs.slice(2).map(() => undefined),
        undefined,
      ],
    }
  },
}

/** Throws unless a bias has one entry a filter. */
export function requireBias(
  bias: InputType,
  node: OperatorNode,
  filters: number,
): void {
  if (bias.dims.length !== 1 || bias.dims[0] !== filters)
    throw new OperatorError(`${node.operator}: bias of shape [${bias.dims}]`)
}
