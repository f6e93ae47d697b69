import type { Graph } from '../onnx/graph.js'
import { elementBytes, elementCount } from '../tensor/tensorType.js'
import type { Dtype } from '../types/tensorType.js'

/** Smaller graphs are read value by value. */
const fewNodes = 64

/** Most blocks that a graph is cut into. */
const mostBlocks = 64

/** A place in the order of the nodes where one activation alone is still needed. */
type Cut = {
  name: string
  bytes: number /** Bytes of all activations up to it. */
  sum: number
}

/**
 * Names the boundary values of a graph (RULES A7): narrow cuts that divide it
 * into blocks, so that `boundary bytes x log2(blocks) + largest block`, what a
 * verifier on other hardware has to read to find a wrong block and look into it,
 * is the least.
 */
export function chooseBoundaries(
  graph: Graph,
  types: ReadonlyMap<string, { dtype: Dtype; dims: readonly number[] }>,
): string[] {
  if (graph.nodes.length < fewNodes) return []
  const bytesOf = (name: string): number => {
    const type = types.get(name)
    return type === undefined
      ? 0
      : (elementBytes(type.dtype) ?? 8) * elementCount(type.dims)
  }
  const { cuts, total } = cutsOf(graph, bytesOf)
  let best: { names: string[]; cost: number } = { names: [], cost: total }
  for (let blocks = 2; blocks <= mostBlocks; blocks *= 2) {
    const chosen = divide(cuts, total, blocks)
    const cost = costOf(chosen, total)
    if (cost < best.cost) best = { names: chosen.map(({ name }) => name), cost }
  }
  return best.names
}

/** Results of the graph are committed by themselves, and inputs are known. */
function cutsOf(
  graph: Graph,
  bytesOf: (name: string) => number,
): { cuts: Cut[]; total: number } {
  const results = new Set(graph.outputs)
  const lastUse = new Map<string, number>()
  for (const [at, { inputs }] of graph.nodes.entries())
    for (const name of inputs) lastUse.set(name, at)
  const live = new Set<string>()
  const cuts: Cut[] = []
  let sum = 0
  for (const [at, { outputs }] of graph.nodes.entries()) {
    for (const name of outputs) {
      if (results.has(name) || name === '') continue
      sum += bytesOf(name)
      live.add(name)
    }
    for (const name of live)
      if ((lastUse.get(name) ?? -1) <= at) live.delete(name)
    const [name] = live
    if (live.size === 1 && name !== undefined && outputs.includes(name))
      cuts.push({ name, bytes: bytesOf(name), sum })
  }
  return { cuts, total: sum }
}

/** The narrowest cut near each of the places that divide the bytes evenly. */
function divide(cuts: readonly Cut[], total: number, blocks: number): Cut[] {
  const chosen: Cut[] = []
  for (let i = 1; i < blocks; i++) {
    const place = (total * i) / blocks
    const near = cuts.filter(
      ({ sum }) => Math.abs(sum - place) <= total / (2 * blocks),
    )
    const [first, ...others] = near
    if (first === undefined) continue
    const narrowest = others.reduce(
      (a, b) => (b.bytes < a.bytes ? b : a),
      first,
    )
    if (chosen.at(-1)?.name !== narrowest.name) chosen.push(narrowest)
  }
  return chosen
}

function costOf(chosen: readonly Cut[], total: number): number {
  const bytes = chosen.reduce((sum, cut) => sum + cut.bytes, 0)
  let from = 0
  let largest = 0
  for (const { sum } of [...chosen, { sum: total }]) {
    largest = Math.max(largest, sum - from)
    from = sum
  }
  return bytes * Math.log2(chosen.length + 1) + largest
}
