import type { Checker, Operator } from './operator.js'

/** Every operator that has a checker, in order of opcode. */
export const operators: readonly Operator[] = []

const byName = new Map(
  operators.flatMap((operator) =>
    operator.names.map((name) => [name, operator] as const),
  ),
)
const byOpcode = new Map(
  operators.map((operator) => [operator.checker.opcode, operator.checker]),
)

/** The operator that covers an ONNX operator name; `undefined` if none does. */
export function operatorOf(onnxName: string): Operator | undefined {
  return byName.get(onnxName)
}

/** The checker of an opcode; `undefined` if there is none. */
export function checkerOf(opcode: number): Checker | undefined {
  return byOpcode.get(opcode)
}
