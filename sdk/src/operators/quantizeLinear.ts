import type { Interval } from '../types/interval.js'
import { dtypes, type TensorType } from '../types/tensorType.js'
import { anything } from './float32.js'
import { floatOnly, inputOf, intOf } from './form.js'
import {
  type Checker,
  type ElementQuery,
  type Operand,
  type Operator,
  OperatorError,
  type Range,
} from './operator.js'
import { granularityOf, parameterAt, quantized } from './quantization.js'
import { abs, compare, max, real } from './real.js'
import { committedAt, coordinatesOf } from './shape.js'
import { typeAt } from './typeAt.js'
import { floatAt, integerAt, quotientEnds } from './values.js'

const opcode = 100

/** Twin of `contracts/verification/operators/QuantizeChecker.sol`. */
const checker: Checker = {
  opcode,
  class: 'float',
  ranges: quantizeRanges,
  evaluate(query, operands): Interval {
    const { dtype } = typeAt(query.outputs, 0)
    const [x, scale, zeroPoint] = operands as [Operand, Operand, Operand?]
    const zero =
      query.inputs[2] === undefined || zeroPoint === undefined
        ? { low: 0n, high: 0n }
        : integerAt(zeroPoint, 0, dtype)
    const ends = quotientEnds(floatAt(x, 0), floatAt(scale, 0))
    if (ends === undefined || zero === undefined) return anything()
    // C2; ONNX Runtime converts to int32 before it saturates where scales are blocked.
    const limit = real(1n, query.attributes[1] === 0 ? 127 : 30)
    if (compare(max(abs(ends.low), abs(ends.high)), limit) >= 0)
      return anything()
    return quantized(ends.low, ends.high, zero, dtype)
  },
}

/** The element, and the scale and zero point that belong to it. */
export function quantizeRanges(query: ElementQuery): Range[] {
  const at = coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
  const [axis, block] = query.attributes as [number, number]
  const single = (operand: number, first: number) => ({
    operand,
    first,
    count: 1,
    stride: 1,
  })
  const own = (type: TensorType | undefined, operand: number) =>
    type === undefined
      ? []
      : [single(operand, parameterAt(type, at, axis, block))]
  return [
    single(0, committedAt(typeAt(query.inputs, 0), at)),
    ...own(query.inputs[1], 1),
    ...own(query.inputs[2], 2),
  ]
}

/** ONNX QuantizeLinear of float32 to int8 or uint8; per tensor, axis or block. */
export const quantizeLinear: Operator = {
  names: ['QuantizeLinear'],
  checker,
  form(node) {
    const x = inputOf(node, 0, floatOnly)
    const scale = inputOf(node, 1, floatOnly)
    const zero = node.inputs[2] && inputOf(node, 2, [dtypes.uint8, dtypes.int8])
    const named = intOf(node, 'output_dtype', 0)
    const dtype = zero?.dtype ?? (named === 0 ? dtypes.uint8 : named)
    if (dtype !== dtypes.uint8 && dtype !== dtypes.int8)
      throw new OperatorError(
        `QuantizeLinear to element type ${dtype} has no checker`,
      )
    if (named !== 0 && named !== dtype)
      throw new OperatorError(
        'QuantizeLinear: output_dtype is not the zero point’s',
      )
    const inputs = zero === undefined ? [0, 1] : [0, 1, 2]
    return {
      opcode,
      class: 'float',
      attributes: granularityOf(node, x, [scale, zero]),
      inputs,
      outputs: [{ dtype, dims: x.dims }],
      layouts: [...inputs.map(() => undefined), undefined],
    }
  },
}
