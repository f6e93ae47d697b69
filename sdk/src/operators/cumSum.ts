import type { Interval } from '../types/interval.js'
import { dtypes } from '../types/tensorType.js'
import { dotInterval, exactDot } from './exactDot.js'
import { axisOf, constantOf, inputOf, intOf } from './form.js'
import { sumInParts, unhinted } from './inParts.js'
import {
  type ElementQuery,
  type Operand,
  type Operator,
  OperatorError,
} from './operator.js'
import { requireCommitted } from './requireCommitted.js'
import { committedAt, committedStride, coordinatesOf } from './shape.js'
import { typeAt } from './typeAt.js'
import { integerOf, integers, patternAt, width } from './values.js'

const opcode = 74

/**
 * ONNX CumSum along a constant axis: each element is the sum of a prefix (C4).
 * Twin of `contracts/verification/operators/CumSumChecker.sol`.
 */
export const cumSum: Operator = {
  names: ['CumSum'],
  checker: {
    opcode,
    class: 'float',
    ranges(query) {
      const x = typeAt(query.inputs, 0)
      const { at, axis, first, count } = prefixOf(query)
      if (count === 0) return []
      at[axis] = first
      const stride = count === 1 ? 1 : committedStride(x, axis)
      return [{ operand: 0, first: committedAt(x, at), count, stride }]
    },
    evaluate(query, operands) {
      requireCommitted(operands)
      const { dtype } = typeAt(query.inputs, 0)
      const { count } = prefixOf(query)
      const operand = operands[0] as Operand
      if (dtype !== dtypes.float32) return wrappedSum(operand, dtype)
      if (count === 0) return { kind: 'float', low: 0n, high: 0n }
      return dotInterval(exactDot(operand.data), query.arithmetic)
    },
    parts: (query) =>
      typeAt(query.inputs, 0).dtype === dtypes.float32 ? sumInParts : unhinted,
  },
  form(node) {
    const { dtype, dims } = inputOf(node, 0, [
      dtypes.float32,
      dtypes.int32,
      dtypes.int64,
    ])
    const given = constantOf(node, 1)?.[0]
    if (given === undefined) throw new OperatorError('CumSum without an axis')
    const axis = axisOf(node, given, dims.length)
    const flag = (name: string) => (intOf(node, name, 0) === 0 ? 0 : 1)
    return {
      opcode,
      attributes: [axis, flag('exclusive'), flag('reverse')],
      ...(dtype === dtypes.float32 ? {} : { class: 'exact' as const }),
      inputs: [0],
      outputs: [{ dtype, dims }],
      // B3: the summed axis last.
      layouts: [
        [...dims.map((_, k) => k).filter((k) => k !== axis), axis],
        undefined,
      ],
    }
  },
}

/** The elements along the axis that an element sums. */
function prefixOf(query: ElementQuery): {
  at: number[]
  axis: number
  first: number
  count: number
} {
  const { dims } = typeAt(query.inputs, 0)
  const [axis = 0, exclusive = 0, reverse = 0] = query.attributes
  const at = coordinatesOf(dims, query.element)
  const place = at[axis] as number
  const own = exclusive === 0 ? 1 : 0
  return reverse === 0
    ? { at, axis, first: 0, count: place + own }
    : {
        at,
        axis,
        first: place + 1 - own,
        count: (dims[axis] as number) - place - 1 + own,
      }
}

/** C4: integers wrap. */
function wrappedSum(operand: Operand, dtype: number): Interval {
  const size = width(dtype)
  let sum = 0n
  for (let i = 0; i < operand.data.length / size; i++)
    sum += patternAt(operand, i, size)
  const value = integerOf(sum, dtype)
  return integers(value, value)
}
