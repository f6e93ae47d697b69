import type { Operator } from './operator.js'
import { reduceOperator } from './reduce.js'

/** ONNX ReduceSum of float32. */
export const reduceSum: Operator = reduceOperator('ReduceSum', 70, 'sum', 13)
