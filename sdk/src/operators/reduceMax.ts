import { extremeOperator, opcodes } from './extremum.js'
import type { Operator } from './operator.js'

/** ONNX ReduceMax. */
export const reduceMax: Operator = extremeOperator(
  'ReduceMax',
  opcodes.reduceMax,
)
