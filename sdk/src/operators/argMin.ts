import { argOperator } from './argMax.js'
import type { Operator } from './operator.js'
import { opcodes } from './rank.js'

/** ONNX ArgMin: the index of the least of a row, the first or the last. */
export const argMin: Operator = argOperator('ArgMin', opcodes.argMin)
