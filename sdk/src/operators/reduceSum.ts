import { dtypes } from '../types/tensorType.js'
import type { Operator } from './operator.js'
import { reduceOperator } from './reduce.js'

/** ONNX ReduceSum of float32, int32 and int64. */
export const reduceSum: Operator = reduceOperator('ReduceSum', 70, 'sum', 13, [
  dtypes.float32,
  dtypes.int32,
  dtypes.int64,
])
