import type { ManifestNode, ManifestValue } from '../types/manifest.js'
import { dtypes } from '../types/tensorType.js'
import { quote } from './checkSize.js'
import { isPerElement, maximumDepth } from './derivedRules.js'
import { unusable } from './modelErrors.js'

/** What lies behind a derived value. */
type Behind = {
  depth: number
  /** Nodes that read more than one element of an operand. */
  reductions: ReadonlySet<number>
}

/**
 * Walks the nodes in order and says of each value that is to be derived whether
 * it may be (B5): float32, read by per-element nodes only, in chains of at most
 * eight with at most one reduction behind every node that reads one. Two
 * reductions behind one node would take two bounds for what a machine may fuse.
 */
export class DerivedWalk {
  readonly #values: readonly ManifestValue[]
  readonly #behind = new Map<number, Behind>()

  constructor(values: readonly ManifestValue[]) {
    this.#values = values
  }

  /** Why a node cannot read what is derived so far; `undefined` if it can. */
  refusalOf(node: ManifestNode): string | undefined {
    const derived = node.inputs.filter((input) => this.#behind.has(input))
    if (derived.length === 0) return undefined
    if (!isPerElement(node.opcode))
      return `${quote(node.name)} reads a derived value and is not per element (B5)`
    return this.#reductions(node).size > 1
      ? `${quote(node.name)} reads derived values with two reductions behind them (B5)`
      : undefined
  }

  /** Adds a derived result of a node; says why it cannot be derived. */
  add(node: ManifestNode, index: number, output: number): string | undefined {
    const value = this.#values[output]!
    const reductions = this.#reductions(node)
    if (!isPerElement(node.opcode)) reductions.add(index)
    const depths = node.inputs.map(
      (input) => this.#behind.get(input)?.depth ?? 0,
    )
    const depth = 1 + Math.max(0, ...depths)
    if (
      value.type.dtype !== dtypes.float32 ||
      depth > maximumDepth ||
      reductions.size > 1
    )
      return `${quote(value.name)} cannot be derived (B5)`
    this.#behind.set(output, { depth, reductions })
    return undefined
  }

  /** Takes it back. */
  remove(output: number): void {
    this.#behind.delete(output)
  }

  #reductions(node: ManifestNode): Set<number> {
    return new Set(
      node.inputs.flatMap((input) => [
        ...(this.#behind.get(input)?.reductions ?? []),
      ]),
    )
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
  nodes.forEach((node, index) => {
    const refusal = walk.refusalOf(node)
    if (refusal !== undefined) throw unusable(refusal)
    for (const output of node.outputs) {
      if (values[output]?.kind !== 'derived') continue
      const wrong = walk.add(node, index, output)
      if (wrong !== undefined) throw unusable(wrong)
    }
  })
}
