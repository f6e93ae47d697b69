import type { Interval } from '../types/interval.js'
import { dtypes } from '../types/tensorType.js'
import {
  anything,
  bitsAt,
  infinity,
  isNaNBits,
  keyOf,
  maximum,
  minNormal,
} from './float32.js'
import { inputOf } from './form.js'
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
        ? floatMaximum(data)
        : integerMaximum(data, dtype === dtypes.int8)
    },
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

/**
 * C4: a NaN gives anything, subnormals tie with the zeros; C3: -infinity equals
 * -FLT_MAX.
 */
function floatMaximum(data: Uint8Array): Interval {
  let highest = -infinity
  let tied = 0n
  for (let i = 0; i < data.length / 4; i++) {
    const bits = bitsAt(data, i)
    if (isNaNBits(bits)) return anything()
    const key = keyOf(bits)
    if (key > highest) highest = key
    if (key > -minNormal && key < tied) tied = key
  }
  if (highest <= -maximum)
    return { kind: 'float', low: -infinity, high: -maximum }
  if (highest > -minNormal && highest < minNormal)
    return { kind: 'float', low: tied, high: highest < 0n ? 0n : highest }
  return { kind: 'float', low: highest, high: highest }
}

function integerMaximum(data: Uint8Array, signed: boolean): Interval {
  const values = Array.from(signed ? new Int8Array(data) : data)
  const highest = BigInt(Math.max(...values))
  return { kind: 'integer', low: highest, high: highest }
}
