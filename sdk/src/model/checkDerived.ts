import type { ManifestNode, ManifestValue } from '../types/manifest.js'
import { dtypes } from '../types/tensorType.js'
import { quote } from './checkSize.js'
import { isPerElement, isSum, maximumDepth } from './derivedRules.js'
import { unusable } from './modelErrors.js'

/** Of a derived value: nodes up to it, and the sums among them, by their results. */
type Behind = { depth: number; sums: ReadonlySet<number> }

/**
 * Walks the nodes in order and says of each value that is to be derived whether
 * it may be (B5): float32, made and read by per-element nodes only, in chains of
 * at most eight, with at most one sum behind them, which reads committed values
 * and is the head of the chain.
 */
export class DerivedWalk {
  readonly #values: readonly ManifestValue[]
  readonly #derived = new Map<number, Behind>()

  constructor(values: readonly ManifestValue[]) {
    this.#values = values
  }

  /** Why a node cannot read what is derived so far; `undefined` if it can. */
  refusalOf(node: ManifestNode): string | undefined {
    const derived = node.inputs.filter((input) => this.#derived.has(input))
    if (derived.length === 0) return undefined
    if (!isPerElement(node.opcode))
      return `${quote(node.name)} reads a derived value and is not per element (B5)`
    // What a machine may be off by follows from the length of one sum.
    return this.#sumsBehind(node).size > 1
      ? `${quote(node.name)} has two sums behind its derived operands (B5)`
      : undefined
  }

  /** Adds a derived result of a node; says why it cannot be derived. */
  add(node: ManifestNode, output: number): string | undefined {
    const value = this.#values[output]!
    const depths = node.inputs.map(
      (input) => this.#derived.get(input)?.depth ?? 0,
    )
    const depth = 1 + Math.max(0, ...depths)
    const sum = isSum(node.opcode)
    if (
      value.type.dtype !== dtypes.float32 ||
      depth > maximumDepth ||
      !(sum || isPerElement(node.opcode))
    )
      return `${quote(value.name)} cannot be derived (B5)`
    const sums = sum ? new Set([output]) : this.#sumsBehind(node)
    this.#derived.set(output, { depth, sums })
    return undefined
  }

  #sumsBehind({ inputs }: ManifestNode): Set<number> {
    return new Set(
      inputs.flatMap((input) => [...(this.#derived.get(input)?.sums ?? [])]),
    )
  }

  /** Takes it back. */
  remove(output: number): void {
    this.#derived.delete(output)
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
