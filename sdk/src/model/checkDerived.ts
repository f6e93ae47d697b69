import type { ManifestNode, ManifestValue } from '../types/manifest.js'
import { dtypes } from '../types/tensorType.js'
import { quote } from './checkSize.js'
import { unusable } from './modelErrors.js'

/** Longest chain of derived values (B5). */
const maximumDepth = 8

/** Opcodes whose element depends on one element of each operand. */
function isPerElement(opcode: number): boolean {
  return opcode >= 20 && opcode <= 51
}

/**
 * Checks the derived values (B5): float32, read by per-element nodes only, in
 * chains of at most eight with at most one reduction behind them.
 *
 * @throws LynodeError LY-MDL-001
 */
export function checkDerived(
  values: readonly ManifestValue[],
  nodes: readonly ManifestNode[],
): void {
  const depths = new Map<number, { depth: number; reductions: number }>()
  nodes.forEach((node) => {
    const behind = node.inputs.flatMap((input) => depths.get(input) ?? [])
    if (behind.length > 0 && !isPerElement(node.opcode))
      throw unusable(
        `${quote(node.name)} reads a derived value and is not per element (B5)`,
      )
    const depth = 1 + Math.max(0, ...behind.map((value) => value.depth))
    const reductions =
      behind.reduce((total, value) => total + value.reductions, 0) +
      (isPerElement(node.opcode) ? 0 : 1)
    for (const output of node.outputs) {
      const value = values[output]!
      if (value.kind !== 'derived') continue
      if (
        value.type.dtype !== dtypes.float32 ||
        depth > maximumDepth ||
        reductions > 1
      )
        throw unusable(`${quote(value.name)} cannot be derived (B5)`)
      depths.set(output, { depth, reductions })
    }
  })
}
