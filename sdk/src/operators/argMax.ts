import { dtypes } from '../types/tensorType.js'
import { axisOf, inputOf, intOf } from './form.js'
import type { Operator } from './operator.js'
import { opcodes, rankChecker } from './rank.js'

/** ONNX ArgMax: the index of the greatest of a row, the first or the last. */
export const argMax: Operator = argOperator('ArgMax', opcodes.argMax)

/** ONNX ArgMax or ArgMin. */
export function argOperator(name: string, opcode: number): Operator {
  return {
    names: [name],
    checker: rankChecker(opcode),
    form(node) {
      const { dims } = inputOf(node, 0, [
        dtypes.float32,
        dtypes.int32,
        dtypes.int8,
        dtypes.uint8,
      ])
      const axis = axisOf(node, intOf(node, 'axis', 0), dims.length)
      const last = intOf(node, 'select_last_index', 0) === 0 ? 0 : 1
      const others = dims.map((_, k) => k).filter((k) => k !== axis)
      const kept =
        intOf(node, 'keepdims', 1) === 0
          ? others.map((k) => dims[k] as number)
          : dims.map((dim, k) => (k === axis ? 1 : dim))
      return {
        opcode,
        attributes: [axis, last],
        inputs: [0],
        outputs: [{ dtype: dtypes.int64, dims: kept }],
        // B3: the row last.
        layouts: [[...others, axis], undefined],
      }
    },
  }
}
