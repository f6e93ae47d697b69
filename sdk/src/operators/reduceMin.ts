import { extremeOperator, opcodes } from './extremum.js'
import type { Operator } from './operator.js'

/** ONNX ReduceMin. */
export const reduceMin: Operator = extremeOperator(
  'ReduceMin',
  opcodes.reduceMin,
)
