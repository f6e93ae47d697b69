/** Longest chain of derived values (B5). */
export const maximumDepth = 8

/** Opcodes that read one element of each operand that they read at all. */
export function isPerElement(opcode: number): boolean {
  return (opcode >= 1 && opcode <= 15) || (opcode >= 20 && opcode <= 59)
}
