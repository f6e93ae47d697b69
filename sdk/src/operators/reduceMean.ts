import type { Operator } from './operator.js'
import { reduceOperator } from './reduce.js'

/** ONNX ReduceMean of float32; of integers it is refused (RULES C4). */
export const reduceMean: Operator = reduceOperator('ReduceMean', 71, 'mean', 18)
