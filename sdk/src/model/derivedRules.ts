/** Longest chain of derived values (B5). */
export const maximumDepth = 8

/** Opcodes that read one element of each operand that they read at all. */
export function isPerElement(opcode: number): boolean {
  return (opcode >= 1 && opcode <= 15) || (opcode >= 20 && opcode <= 59)
}

/**
 * Opcodes of sums: MatMul, Gemm, Conv, ConvTranspose, ReduceSum, ReduceMean,
 * GlobalAveragePool, AveragePool. A chain of derived values may begin with one.
 */
export function isSum(opcode: number): boolean {
  return [60, 61, 62, 63, 70, 71, 80, 82].includes(opcode)
}
