import type { Interval } from '../types/interval.js'
import { dtypes } from '../types/tensorType.js'
import { anything } from './float32.js'
import type { Operand } from './operator.js'
import { integerOf, integers, patternAt, width } from './values.js'

/**
 * The sum of int32 or int64 elements, in any order of addition. Kernels may add in
 * float64 and saturate (ONNX Runtime 1.30 does), so anything is accepted where a
 * partial sum may leave 31 bits, or 53 of int64. Twin of
 * `contracts/libraries/IntegerSum.sol`.
 */
export function integerSum(operand: Operand, dtype: number): Interval {
  const size = width(dtype)
  let sum = 0n
  let magnitudes = 0n
  for (let i = 0; i < operand.data.length / size; i++) {
    const x = integerOf(patternAt(operand, i, size), dtype)
    sum += x
    magnitudes += x < 0n ? -x : x
  }
  const limit = dtype === dtypes.int32 ? 1n << 31n : 1n << 53n
  return magnitudes < limit ? integers(sum, sum) : anything()
}
