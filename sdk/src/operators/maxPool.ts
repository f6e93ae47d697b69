import { dtypes } from '../types/tensorType.js'
import { floatExtremum, integerExtremum } from './extremum.js'
import { inputOf } from './form.js'
import { unhinted } from './inParts.js'
import { type Operand, type Operator, OperatorError } from './operator.js'
import { poolRanges, poolSpatial } from './pool.js'
import { requireCommitted } from './requireCommitted.js'
import { spatialWords } from './spatial.js'
import { typeAt } from './typeAt.js'

const opcode = 83

/** ONNX MaxPool without indices; float32, int8 and uint8. */
export const maxPool: Operator = {
  names: ['MaxPool'],
  checker: {
    opcode,
    class: 'exact',
    ranges: (query) => poolRanges(query, 0),
    evaluate(query, operands) {
      requireCommitted(operands)
      const { data } = operands[0] as Operand
      if (data.length === 0) throw new OperatorError('MaxPool of no cells')
      const { dtype } = typeAt(query.inputs, 0)
      return dtype === dtypes.float32
        ? floatExtremum(query, data, true)
        : integerExtremum(operands[0] as Operand, dtype, true)
    },
    parts: () => unhinted,
  },
  form(node) {
    const x = inputOf(node, 0, [dtypes.float32, dtypes.int8, dtypes.uint8])
    const spatial = poolSpatial(node, x)
    return {
      opcode,
      attributes: spatialWords(spatial),
      inputs: [0],
      outputs: [
        { dtype: x.dtype, dims: [...x.dims.slice(0, 2), ...spatial.sizes] },
      ],
      // B3: channels first.
      layouts: [x.dims.map((_, axis) => axis), undefined],
    }
  },
}
