import { judgedEntries } from '../proof/judgedManifest.js'
import type { Manifest, ManifestValue } from '../types/manifest.js'
import { DerivedWalk } from './checkDerived.js'
import { derivedTooLarge } from './proofSize.js'

/**
 * The intermediates of a model that need not be committed (B5), as many as there
 * can be: per-element chains behind committed values, and the sums at their heads.
 *
 * @param manifest Of the canonical file, with nothing derived yet.
 * @param wanted Only these may be derived; default all.
 * @returns Names, in the order of the nodes.
 * @example
 * chooseDerived(manifest) // names of values that a proof computes again
 */
export function chooseDerived(
  manifest: Manifest,
  wanted?: ReadonlySet<string>,
): string[] {
  const { nodes } = manifest
  const values: ManifestValue[] = [...manifest.values]
  const walk = new DerivedWalk(values)
  const consumers = values.map((): number[] => [])
  nodes.forEach(({ inputs }, node) => {
    for (const input of new Set(inputs)) consumers[input]?.push(node)
  })
  const judged = judgedEntries(values, nodes, manifest.header.profile)
  nodes.forEach((node, index) => {
    for (const output of node.outputs) {
      const value = values[output]!
      const may =
        value.kind === 'activation' &&
        !value.boundary &&
        (wanted === undefined || wanted.has(value.name)) &&
        walk.refusalOf(node) === undefined &&
        walk.add(node, output) === undefined
      if (!may) continue
      const { name, type, boundary } = value
      values[output] = { name, type, boundary, kind: 'derived', node: index }
      const readers = consumers[output] ?? []
      const refused = readers.some(
        (reader) =>
          walk.refusalOf(nodes[reader]!) !== undefined ||
          derivedTooLarge(judged, reader) !== undefined,
      )
      if (!refused) continue
      walk.remove(output)
      values[output] = value
    }
  })
  return values.flatMap(({ kind, name }) => (kind === 'derived' ? [name] : []))
}
