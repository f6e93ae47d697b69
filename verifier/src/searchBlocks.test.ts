import { dtypes, type Manifest } from '@lynode/sdk'
import { describe, expect, it } from 'vitest'
import { type Block, roundingMargin, searchBlocks } from './searchBlocks.js'

/** A chain of nodes, each of 1,000 bytes; every eighth result is a boundary, the last one the output, and skips within a block leave no other cut. */
const length = 128
const bytes = 1_000
const boundaries = length / 8 - 1
const manifest = {
  nodes: Array.from({ length }, (_, i) => ({
    inputs: i === 0 ? [] : [i - 1, ...(i % 8 === 0 ? [] : [i - (i % 8)])],
    outputs: [i],
  })),
  values: Array.from({ length }, (_, i) => ({
    kind: i === length - 1 ? 'output' : 'activation',
    boundary: i % 8 === 7 && i < length - 1,
    type: { dtype: dtypes.float32, dims: [bytes / 4], perm: [0] },
  })),
} as unknown as Manifest

/** What a provider does at a node, in units of rounding. */
type Lies = ReadonlyMap<number, number>

/** Searches a trace in which everything differs, and counts what is asked for. */
async function search(
  lies: Lies,
  options: {
    mostBytes?: number
    /** Whether a node is where the search may end. */
    found?: (node: number) => boolean
    /** Share of a lie that each node behind it lets through. */
    kept?: number
    outputDiffers?: boolean
  } = {},
) {
  const { mostBytes = Number.POSITIVE_INFINITY, kept = 1 } = options
  const asked = new Set<number>()
  const ask = (value: number) => asked.add(value)
  const evidence = {
    differs: (value: number) =>
      value < length - 1 || (options.outputDiffers ?? true),
    get demandedBytes() {
      return asked.size * bytes
    },
  }
  const measure = async (
    targets: readonly number[],
    isKnown: (value: number) => boolean,
  ) => {
    const [target = -1] = targets
    expect(targets).toHaveLength(1)
    ask(target)
    let from = target
    while (from > 0 && !isKnown(from - 1)) from -= 1
    if (from > 0) expect(asked).toContain(from - 1)
    let deviation = 0.5
    for (let node = from; node <= target; node++)
      deviation = Math.max(
        deviation,
        (lies.get(node) ?? 0) * kept ** (target - node),
      )
    return deviation
  }
  const blocks: Block[] = []
  const ends: number[] = []
  for await (const block of searchBlocks({
    manifest,
    evidence,
    suspects: manifest.nodes.map((_, node) => node),
    measure,
    mostBytes,
  })) {
    blocks.push(block)
    ends.push(asked.size)
    for (const node of block.nodes) {
      ask(node)
      if (options.found?.(node) === true)
        return { blocks, boundariesAsked: ends[0] ?? 0, asked: asked.size }
    }
  }
  return { blocks, boundariesAsked: ends[0] ?? asked.size, asked: asked.size }
}

describe('searchBlocks', () => {
  it('finds the block of a lie, wherever it is, with log2 of the boundaries', async () => {
    for (let at = 1; at < length; at++) {
      const { blocks, boundariesAsked, asked } = await search(
        new Map([[at, 1e5]]),
        { found: (node) => node === at },
      )
      expect(blocks).toHaveLength(1)
      expect(blocks[0]?.nodes).toContain(at)
      // The last boundary and log2 of the others, or it and the output.
      expect(boundariesAsked).toBeLessThanOrEqual(
        1 + Math.ceil(Math.log2(boundaries)),
      )
      expect(asked).toBeLessThanOrEqual(boundariesAsked + 8)
    }
  })

  it('is not led away by a nudge in front of the lie', async () => {
    for (let at = 16; at < length - 8; at++) {
      const { blocks } = await search(
        new Map([
          [1, 1e3],
          [at, 1e5],
        ]),
        { found: (node) => node === at },
      )
      expect(blocks[0]?.nodes).toContain(at)
      expect(blocks).toHaveLength(1)
    }
  })

  it('goes on with what deviates next where it found nothing', async () => {
    const { blocks } = await search(
      new Map([
        [20, 1e5],
        [70, 1e4],
        [100, 1e3],
      ]),
      { mostBytes: 0 },
    )
    expect(blocks.map(({ nodes }) => nodes[0])).toEqual([16, 64, 96])
  })

  it('opens every block in the end, each once: a lie whose traces are lost is found', async () => {
    const { blocks, asked } = await search(new Map([[41, 1e6]]), {
      kept: 0.001,
    })
    const nodes = blocks.flatMap((block) => block.nodes)
    expect([...nodes].sort((a, b) => a - b)).toEqual(
      Array.from({ length }, (_, i) => i),
    )
    // No more than the walk over all values asks for.
    expect(asked).toBe(length)
  })

  it('opens none where every end is rounding and enough was asked for', async () => {
    const { blocks, asked } = await search(new Map(), { mostBytes: 0 })
    expect(blocks).toEqual([])
    expect(asked).toBe(2) // the last boundary and the output
  })

  it('stops as soon as enough was asked for', async () => {
    const { asked, blocks } = await search(new Map(), { mostBytes: 20 * bytes })
    expect(blocks.length).toBeGreaterThan(0)
    expect(asked).toBeGreaterThanOrEqual(20)
    expect(asked).toBeLessThanOrEqual(20 + 8)
  })

  it('opens the last block where no output can be held against it', async () => {
    const { blocks } = await search(new Map(), {
      mostBytes: 0,
      outputDiffers: false,
    })
    expect(blocks.map(({ nodes }) => nodes[0])).toEqual([length - 8])
  })

  it('calls a deviation rounding up to its margin', async () => {
    const options = { mostBytes: 0 }
    const at = new Map([[9, roundingMargin]])
    expect((await search(at, options)).blocks).toEqual([])
    const above = new Map([[9, roundingMargin * 1.01]])
    expect((await search(above, options)).blocks).toHaveLength(1)
  })
})
