import { exactDot, meanInterval } from './exactDot.js'
import { floatOnly, inputOf, intOf } from './form.js'
import { sumInParts } from './inParts.js'
import { type Operand, type Operator, OperatorError } from './operator.js'
import { poolRanges, poolSpatial, poolWindow } from './pool.js'
import { requireCommitted } from './requireCommitted.js'
import { spatialWords } from './spatial.js'

const opcode = 82

/** ONNX AveragePool. */
export const averagePool: Operator = {
  names: ['AveragePool'],
  checker: {
    opcode,
    class: 'float',
    ranges: (query) => poolRanges(query, 1),
    evaluate(query, operands) {
      requireCommitted(operands)
      const sum = exactDot((operands[0] as Operand).data)
      // C4: real cells, and with `includePad` padded ones too, but never cells
      // beyond the padding.
      const divisor =
        query.attributes[0] === 0 ? sum.terms : poolWindow(query, 1).padded
      return meanInterval(sum, divisor, query.arithmetic)
    },
    parts: () => sumInParts,
  },
  form(node) {
    const x = inputOf(node, 0, floatOnly)
    const spatial = poolSpatial(node, x)
    const includePad = intOf(node, 'count_include_pad', 0) === 0 ? 0 : 1
    x.dims.slice(2).forEach((size, k) => {
      const reach =
        ((spatial.sizes[k] as number) - 1) * (spatial.strides[k] as number) +
        ((spatial.kernel[k] as number) - 1) * (spatial.dilations[k] as number) +
        1
      const padded =
        size + (spatial.begins[k] as number) + (spatial.ends[k] as number)
      if (includePad === 1 && reach > padded)
        throw new OperatorError(
          'AveragePool: runtimes disagree on the divisor of count_include_pad with ceil_mode',
        )
    })
    return {
      opcode,
      attributes: [includePad, ...spatialWords(spatial)],
      inputs: [0],
      outputs: [
        { dtype: x.dtype, dims: [...x.dims.slice(0, 2), ...spatial.sizes] },
      ],
      // B3: channels first.
      layouts: [x.dims.map((_, axis) => axis), undefined],
    }
  },
}
