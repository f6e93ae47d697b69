import type { ManifestNode, ManifestValue } from '../types/manifest.js'
import { dtypes } from '../types/tensorType.js'
import { quote } from './checkSize.js'
import { isPerElement, maximumDepth } from './derivedRules.js'
import { unusable } from './modelErrors.js'

/**
 * Walks the nodes in order and says of each value that is to be derived whether
 * it may be (B5): float32, made and read by per-element nodes only, in chains of
 * at most eight. B5 would allow one reduction at the head of a chain. The bound
 * for machines that fuse it is there (docs/operators.md, "Derived operands"), but
 * the contract does not hand the length of its sum on yet.
 */
export class DerivedWalk {
  readonly #values: readonly ManifestValue[]
  readonly #depths = new Map<number, number>()

  constructor(values: readonly ManifestValue[]) {
    this.#values = values
  }

  /** Why a node cannot read what is derived so far; `undefined` if it can. */
  refusalOf(node: ManifestNode): string | undefined {
    return isPerElement(node.opcode) ||
      !node.inputs.some((input) => this.#depths.has(input))
      ? undefined
      : `${quote(node.name)} reads a derived value and is not per element (B5)`
  }

  /** Adds a derived result of a node; says why it cannot be derived. */
  add(node: ManifestNode, output: number): string | undefined {
    const value = this.#values[output]!
    const depths = node.inputs.map((input) => this.#depths.get(input) ?? 0)
    const depth = 1 + Math.max(0, ...depths)
    if (
      value.type.dtype !== dtypes.float32 ||
      depth > maximumDepth ||
      !isPerElement(node.opcode)
    )
      return `${quote(value.name)} cannot be derived (B5)`
    this.#depths.set(output, depth)
    return undefined
  }

  /** Takes it back. */
  remove(output: number): void {
    this.#depths.delete(output)
  }
}

/**
 * Checks the derived values of a manifest (B5).
 *
 * @throws LynodeError LY-MDL-001
 */
export function checkDerived(
  values: readonly ManifestValue[],
  nodes: readonly ManifestNode[],
): void {
  const walk = new DerivedWalk(values)
  nodes.forEach((node) => {
    const refusal = walk.refusalOf(node)
    if (refusal !== undefined) throw unusable(refusal)
    for (const output of node.outputs) {
      if (values[output]?.kind !== 'derived') continue
      const wrong = walk.add(node, output)
      if (wrong !== undefined) throw unusable(wrong)
    }
  })
}
