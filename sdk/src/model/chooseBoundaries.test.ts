import { describe, expect, it } from 'vitest'
import type { Graph, GraphNode } from '../onnx/graph.js'
import { chooseBoundaries } from './chooseBoundaries.js'

const wide = [1, 64, 32, 32]
const narrow = [1, 16, 8, 8]

/** A chain of `length` nodes with a skip over every node but each eighth, whose result is narrow. */
function chain(length: number): {
  graph: Graph
  types: Map<string, { dtype: 1; dims: number[] }>
} {
  const nodes: GraphNode[] = []
  const types = new Map<string, { dtype: 1; dims: number[] }>()
  for (let i = 0; i < length; i++) {
    const inputs = [i === 0 ? 'in' : `v${i - 1}`]
    if (i % 8 > 1) inputs.push(`v${i - 2}`)
    nodes.push({
      name: `n${i}`,
      operator: 'Add',
      domain: '',
      inputs,
      outputs: [`v${i}`],
      attributes: new Map(),
    })
    types.set(`v${i}`, { dtype: 1, dims: i % 8 === 0 ? narrow : wide })
  }
  const graph = { nodes, outputs: [`v${length - 1}`] } as unknown as Graph
  return { graph, types }
}

describe('chooseBoundaries', () => {
  it('takes narrow cuts only, where one activation alone is needed', () => {
    const { graph, types } = chain(128)
    const names = chooseBoundaries(graph, types)
    expect(names.length).toBeGreaterThan(2)
    for (const name of names) expect(Number(name.slice(1)) % 8).toBe(0)
    expect(new Set(names).size).toBe(names.length)
  })

  it('leaves small graphs alone', () => {
    const { graph, types } = chain(40)
    expect(chooseBoundaries(graph, types)).toEqual([])
  })

  it('names nothing where every cut is as wide as what it divides', () => {
    const { graph, types } = chain(128)
    // One more value lives through the whole graph.
    const last = graph.nodes.at(-1) as GraphNode
    const held = {
      ...graph,
      nodes: [...graph.nodes.slice(0, -1), { ...last, inputs: ['v0', 'v126'] }],
    }
    const names = chooseBoundaries(held as Graph, types)
    expect(names).toEqual([])
  })
})
