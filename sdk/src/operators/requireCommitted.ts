import { type Operand, OperatorError } from './operator.js'

/**
 * Throws if an operand is derived: reductions read committed values only
 * (RULES B5), and one without bytes must not pass for an absent one.
 */
export function requireCommitted(operands: readonly Operand[]): void {
  operands.forEach((operand, i) => {
    if (operand.derived.length > 0)
      throw new OperatorError(`operand ${i} of a reduction is derived`)
  })
}
