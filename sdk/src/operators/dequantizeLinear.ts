import { arithmetics } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import { dtypes } from '../types/tensorType.js'
import { anything } from './float32.js'
import { floatOnly, inputOf, intOf } from './form.js'
import {
  type Checker,
  type Operand,
  type Operator,
  OperatorError,
} from './operator.js'
import { granularityOf } from './quantization.js'
import { quantizeRanges } from './quantizeLinear.js'
import { fromKey, max, min, mul, real, zero } from './real.js'
import { typeAt } from './typeAt.js'
import { around, finite, floatAt, integerAt } from './values.js'

const opcode = 101

/** Twin of `contracts/verification/operators/QuantizeChecker.sol`. */
const checker: Checker = {
  opcode,
  class: 'float',
  ranges: quantizeRanges,
  evaluate(query, operands): Interval {
    const { dtype } = typeAt(query.inputs, 0)
    const [x, scale, zeroPoint] = operands as [Operand, Operand, Operand?]
    const value = integerAt(x, 0, dtype)
    const offset =
      query.inputs[2] === undefined || zeroPoint === undefined
        ? { low: 0n, high: 0n }
        : integerAt(zeroPoint, 0, dtype)
    const factor = floatAt(scale, 0)
    if (value === undefined || offset === undefined || !finite(factor))
      return anything()
    const [a, b] = [
      real(value.low - offset.high),
      real(value.high - offset.low),
    ]
    const [c, d] = [fromKey(factor.low), fromKey(factor.high)]
    // 58 bits: exact.
    const corners = [
      mul(a, c, 'odd'),
      mul(a, d, 'odd'),
      mul(b, c, 'odd'),
      mul(b, d, 'odd'),
    ]
    // 2 ulp: a conversion of the difference, and the product; in WGSL 3.
    const ulps = query.arithmetic === arithmetics.wgsl ? 3n : 2n
    return around(
      corners.reduce(min),
      corners.reduce(max),
      real(ulps, -23),
      zero,
    )
  },
}

/** ONNX DequantizeLinear of int8, uint8 and int32; per tensor, axis or block. */
export const dequantizeLinear: Operator = {
  names: ['DequantizeLinear'],
  checker,
  form(node) {
    const x = inputOf(node, 0, [dtypes.uint8, dtypes.int8, dtypes.int32])
    const scale = inputOf(node, 1, floatOnly)
    const zero = node.inputs[2] && inputOf(node, 2, [x.dtype])
    const named = intOf(node, 'output_dtype', 0)
    if (named !== 0 && named !== dtypes.float32)
      throw new OperatorError(
        `DequantizeLinear to element type ${named} has no checker`,
      )
    const inputs = zero === undefined ? [0, 1] : [0, 1, 2]
    return {
      opcode,
      attributes: granularityOf(node, x, [scale, zero]),
      inputs,
      outputs: [{ dtype: dtypes.float32, dims: x.dims }],
      layouts: [...inputs.map(() => undefined), undefined],
    }
  },
}
