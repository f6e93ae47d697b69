import type { Manifest } from '@lynode/sdk'
import type { Boundary } from './boundariesOf.js'

/**
 * Places at which one committed activation alone is still needed, in the order of
 * the nodes: what lies behind follows from it, from weights and from the inputs.
 */
export function cutsOf({ values, nodes }: Manifest): Boundary[] {
  const made = new Set(nodes.flatMap(({ outputs }) => outputs))
  const lastUse = new Map<number, number>()
  for (const [at, { inputs }] of nodes.entries())
    for (const value of inputs) if (made.has(value)) lastUse.set(value, at)
  const live = new Set<number>()
  const cuts: Boundary[] = []
  for (const [at, { inputs, outputs }] of nodes.entries()) {
    for (const value of outputs)
      if ((lastUse.get(value) ?? -1) > at) live.add(value)
    for (const value of inputs)
      if (lastUse.get(value) === at) live.delete(value)
    const [value] = live
    if (live.size !== 1 || value === undefined) continue
    if (outputs.includes(value) && values[value]?.kind === 'activation')
      cuts.push({ value, node: at })
  }
  return cuts
}
