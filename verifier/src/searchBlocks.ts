import { byteLength, type Manifest } from '@lynode/sdk'
import type { BlockMeasure } from './blockMeasure.js'
import { type Boundary, boundariesOf } from './boundariesOf.js'
import { cutsOf } from './cutsOf.js'
import type { Evidence } from './evidence.js'

/** Deviations up to this one are rounding; honest kernels stay below 1 (docs/daemons.md). */
export const roundingMargin = 8

export type SearchBlocksOptions = {
  manifest: Manifest
  evidence: Pick<Evidence, 'differs' | 'demandedBytes'>
  /** Nodes that are to be judged yet, in their order. */
  suspects: readonly number[]
  measure: BlockMeasure
  /**
   * Bytes up to which blocks are opened that end within rounding of what they
   * begin with. Others are always opened.
   */
  mostBytes: number
}

/** Nodes between two cuts, and how far from its begin the end lies. */
export type Block = { nodes: number[]; deviation: number }

/**
 * The nodes behind `from`, up to `to`: both are values, or the inputs and the
 * outputs. Without a deviation until its end was looked at.
 */
type Range = {
  from: Boundary | undefined
  to: Boundary | undefined
  deviation?: number
}

/** A block is divided further only if that leaves this share of its bytes at most. */
const worthDividing = 0.75

/**
 * Finds the blocks to look into when nobody serves what is in them (RULES A7).
 * It asks for the last boundary, then halves the part that deviates most, at the
 * boundary in its middle: log2 of the blocks are asked for until one is left,
 * and further values in it where they are narrow too. A part whose end deviates
 * is divided before one that ends within rounding, so a small nudge early does
 * not lead away from a large lie later; and what was left aside comes next, so
 * that in the end every block is opened.
 *
 * @returns Blocks, lazily, the most suspicious first.
 */
export async function* searchBlocks(
  options: SearchBlocksOptions,
): AsyncGenerator<Block> {
  const { manifest, evidence, suspects, measure, mostBytes } = options
  const boundaries = boundariesOf(manifest)
  const cuts = cutsOf(manifest)
  const opened = new Map<number, Boundary>()
  const before = bytesBefore()
  const last = boundaries.at(-1)
  // The outputs may be the largest tensors of all: they are asked for late.
  const open: Range[] = [
    { from: undefined, to: last },
    { from: last, to: undefined },
  ]
  for (;;) {
    const range = takeFirst(open)
    if (range === undefined) return
    const nodes = nodesIn(range)
    if (nodes.length === 0) continue
    const { from, to, deviation } = range
    if (deviation === undefined) {
      open.push({ from, to, deviation: await deviationIn(range) })
      continue
    }
    if (deviation <= roundingMargin && evidence.demandedBytes >= mostBytes)
      return
    const middle = middleOf(range)
    if (middle === undefined) {
      yield { nodes, deviation }
      continue
    }
    for (const half of [
      { from, to: middle },
      { from: middle, to },
    ])
      open.push({ ...half, deviation: await deviationIn(half) })
  }

  function nodesIn({ from, to }: Range): number[] {
    return suspects.filter((node) => isInside({ from, to }, node))
  }

  /** The boundary in the middle; without one the cut that leaves least to be asked for, if any is worth it. */
  function middleOf(range: Range): Boundary | undefined {
    const inside = boundaries.filter(
      ({ node }) => isInside(range, node) && node !== range.to?.node,
    )
    if (inside.length > 0) return inside[Math.floor(inside.length / 2)]
    let least = bytesIn(range) * worthDividing
    let best: Boundary | undefined
    for (const cut of cuts) {
      if (!isInside(range, cut.node) || cut.node === range.to?.node) continue
      const halves = [
        { from: range.from, to: cut },
        { from: cut, to: range.to },
      ].map(bytesIn)
      const cost = bytesOf(cut.value) + Math.max(...halves)
      if (cost < least) [least, best] = [cost, cut]
    }
    return best
  }

  /** Bytes that judging all nodes of a range would take, but for those at its ends. */
  function bytesIn({ from, to }: Range): number {
    const end = to?.node ?? manifest.nodes.length
    return (before[end] ?? 0) - (before[(from?.node ?? -1) + 1] ?? 0)
  }

  /** Of the suspects before each node. */
  function bytesBefore(): number[] {
    const suspected = new Set(suspects)
    let sum = 0
    return [
      0,
      ...manifest.nodes.map(({ outputs }, node) => {
        if (suspected.has(node))
          for (const value of outputs) sum += bytesOf(value)
        return sum
      }),
    ]
  }

  function bytesOf(value: number): number {
    const entry = manifest.values[value]
    return entry?.kind === 'activation' && evidence.differs(value)
      ? byteLength(entry.type)
      : 0
  }

  async function deviationIn({ from, to }: Range): Promise<number> {
    const targets = to === undefined ? differingOutputs() : [to.value]
    // Nothing to hold the last block against: those of an attested trace.
    if (targets.length === 0) return Number.POSITIVE_INFINITY
    if (to !== undefined) opened.set(to.value, to)
    const isKnown = (value: number) => {
      const cut = opened.get(value)
      return cut !== undefined && from !== undefined && cut.node <= from.node
    }
    return measure(
      targets,
      (value) =>
        isKnown(value) ||
        (manifest.values[value]?.kind === 'activation' &&
          !evidence.differs(value)),
    )
  }

  function differingOutputs(): number[] {
    return manifest.nodes
      .flatMap(({ outputs }) => outputs)
      .filter(
        (value) =>
          manifest.values[value]?.kind === 'output' && evidence.differs(value),
      )
  }
}

function isInside({ from, to }: Range, node: number): boolean {
  return (
    node > (from?.node ?? -1) && node <= (to?.node ?? Number.POSITIVE_INFINITY)
  )
}

/** Takes the range out that deviates most; one that was not looked at yet comes before rounding. */
function takeFirst(open: Range[]): Range | undefined {
  const rank = ({ deviation = roundingMargin }: Range) => deviation
  let first = 0
  open.forEach((range, i) => {
    if (rank(range) > rank(open[first] ?? range)) first = i
  })
  return open.splice(first, 1)[0]
}
