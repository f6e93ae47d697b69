import { arithmetics } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import { dtypes } from '../types/tensorType.js'
import {
  anything,
  bitsAt,
  infinity,
  isFiniteBits,
  isNaNBits,
  keyOf,
  maximum,
  minNormal,
} from './float32.js'
import type { Checker, ElementQuery, Operand, Operator } from './operator.js'
import { reduceForm, reduceRanges } from './reduce.js'
import { requireCommitted } from './requireCommitted.js'
import { typeAt } from './typeAt.js'
import { integerAt, integers, width } from './values.js'

// The greatest or least of many elements. Twin of contracts/libraries/Extremes.sol
// and contracts/verification/operators/ExtremeChecker.sol.

export const opcodes = { reduceMax: 72, reduceMin: 73 } as const

/** ONNX ReduceMax or ReduceMin. */
export function extremeOperator(name: string, opcode: number): Operator {
  return {
    names: [name],
    checker: extremeChecker(opcode),
    // Axes are an input from opset 18 on.
    form: (node) =>
      reduceForm(node, opcode, 18, [
        dtypes.float32,
        dtypes.int32,
        dtypes.int64,
        dtypes.int8,
        dtypes.uint8,
        dtypes.bool,
      ]),
  }
}

function extremeChecker(opcode: number): Checker {
  const greatest = opcode === opcodes.reduceMax
  return {
    opcode,
    class: 'exact',
    ranges: (query) => reduceRanges(query, query.attributes),
    evaluate(query, operands) {
      requireCommitted(operands)
      const { dtype } = typeAt(query.inputs, 0)
      const operand = operands[0] as Operand
      return dtype === dtypes.float32
        ? floatExtremum(query, operand.data, greatest)
        : integerExtremum(operand, dtype, greatest)
    },
  }
}

/**
 * C4: a NaN gives anything, subnormals tie with the zeros; C3: -infinity equals
 * -FLT_MAX (for a minimum, infinity equals FLT_MAX). In WGSL an infinity gives
 * anything too.
 */
export function floatExtremum(
  { arithmetic }: ElementQuery,
  data: Uint8Array,
  greatest: boolean,
): Interval {
  const wgsl = arithmetic === arithmetics.wgsl
  let highest = -infinity
  let tied = 0n
  for (let i = 0; i < data.length / 4; i++) {
    const bits = bitsAt(data, i)
    if (wgsl ? !isFiniteBits(bits) : isNaNBits(bits)) return anything()
    const key = greatest ? keyOf(bits) : -keyOf(bits)
    if (key > highest) highest = key
    if (key > -minNormal && key < tied) tied = key
  }
  const [low, high] =
    highest <= -maximum
      ? [-infinity, -maximum]
      : highest > -minNormal && highest < minNormal
        ? [tied, highest < 0n ? 0n : highest]
        : [highest, highest]
  return greatest
    ? { kind: 'float', low, high }
    : { kind: 'float', low: -high, high: -low }
}

/** C4: a bool byte above 1 gives anything, and so does int64 beyond 32 bits. */
export function integerExtremum(
  operand: Operand,
  dtype: number,
  greatest: boolean,
): Interval {
  let best: bigint | undefined
  for (let i = 0; i < operand.data.length / width(dtype); i++) {
    const value = integerAt(operand, i, dtype)?.low
    if (value === undefined) return anything()
    // Vectorised kernels compare the halves of int64 words.
    if (value < -(2n ** 31n) || value >= 2n ** 31n) return anything()
    if (best === undefined || (greatest ? value > best : value < best))
      best = value
  }
  if (best === undefined) throw new RangeError('an extremum of no elements')
  return integers(best, best)
}
