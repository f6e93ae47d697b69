/** Longest chain of derived values (B5). */
export const maximumDepth = 8

/** Opcodes that read one element of each operand that they read at all. */
export function isPerElement(opcode: number): boolean {
  return (opcode >= 1 && opcode <= 15) || (opcode >= 20 && opcode <= 59)
}

/**
 * Whether a machine may go on adding to the sum behind an operand of this opcode
 * when it adds to the result: movement and linear operators, but not what lies
 * behind a non-linear one (docs/operators.md, "Derived operands"). Twin of
 * `FraudVerifier`'s.
 */
export function handsOn(opcode: number): boolean {
  return (
    opcode <= 10 ||
    (opcode >= 13 && opcode <= 15) ||
    (opcode >= 20 && opcode <= 24) ||
    opcode === 28 ||
    opcode === 29
  )
}
