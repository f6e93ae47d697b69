import type { TensorType } from '../types/tensorType.js'
import { OperatorError } from './operator.js'

/** The type at an index of a query's inputs or outputs, which must be there. */
export function typeAt(
  types: readonly (TensorType | undefined)[],
  index: number,
): TensorType {
  const type = types[index]
  if (type === undefined) throw new OperatorError(`no operand ${index}`)
  return type
}
