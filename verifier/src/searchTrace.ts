import type { Daemon, LoadedModel } from '@lynode/runtime'
import { committedOperands, type Hex, type Order } from '@lynode/sdk'
import { blockMeasure } from './blockMeasure.js'
import { boundariesOf } from './boundariesOf.js'
import type { CheckRow, CheckTable, Verdict } from './checkTable.js'
import type { Demands } from './demands.js'
import type { Evidence } from './evidence.js'
import { atOnce, gatherBytes } from './gatherBytes.js'
import { nodeJudge } from './nodeJudge.js'
import { searchBlocks } from './searchBlocks.js'

/** A verdict and what it rests on. */
export type CheckResult = { verdict: Verdict; details: Record<string, unknown> }

/** What is searched: an execution, or what a verifier attested of one. */
export type Search = {
  /** Stops before anything is sent. */
  look: boolean
  daemon: Daemon
  table: CheckTable
  execId: Hex
  /** What its demands and proofs take. */
  order: Order
  row: Searched
  model: LoadedModel
  evidence: Evidence
  step: number
  demands: Demands
  traceRoots: readonly Hex[]
  /** Of the step's segment, none where it has one step. */
  stateRoots: readonly Hex[]
}

/** Whose numbers they are. */
export type Searched = Pick<
  CheckRow,
  'execId' | 'jobId' | 'providerId' | 'resultRoot'
> & {
  /** Block time from which on it could be disputed. */
  since: number
}

/**
 * Goes through the nodes whose outputs differ from ours until an element lies
 * outside of its bound, and convicts by that: `fraud`, or `tolerated` where
 * rounding explains every element that was looked at. First come the nodes that
 * made other values out of operands that are ours, then, where the model has
 * boundary values, block after block (RULES A7), else all in order.
 */
export async function searchTrace(search: Search): Promise<CheckResult> {
  const { model, evidence, step } = search
  const { manifest } = model
  const judge = await nodeJudge(search)
  const differing = [...manifest.nodes.keys()].filter((node) =>
    manifest.nodes[node]?.outputs.some((value) => evidence.differs(value)),
  )
  // Wrong for sure: they made other values out of the same operands.
  const isSource = (node: number) =>
    !committedOperands(manifest, node).some((value) => evidence.differs(value))
  const rest = differing.filter((node) => !isSource(node))
  let judged = 0
  for (const node of differing.filter(isSource)) {
    const found = await judge(node)
    if (found !== undefined) return found
    judged += 1
  }
  for await (const nodes of boundariesOf(manifest).length === 0
    ? [rest]
    : blocksOf(search, rest))
    for (const node of nodes) {
      const found = await judge(node)
      if (found !== undefined) return found
      judged += 1
    }
  return {
    verdict: 'tolerated',
    details: {
      step,
      nodes: differing.length,
      judged,
      demandedBytes: evidence.demandedBytes,
    },
  }
}

/** The nodes block by block, the most suspicious first, once what they are judged by is at hand. */
async function* blocksOf(
  search: Search,
  suspects: readonly number[],
): AsyncGenerator<number[]> {
  const { daemon, model, evidence, step, row } = search
  const { manifest } = model
  for await (const { nodes, deviation } of searchBlocks({
    manifest,
    evidence,
    suspects,
    measure: await blockMeasure(daemon, model, evidence),
    mostBytes: daemon.config.demandMiB * 2 ** 20,
  })) {
    daemon.logger.info(
      {
        event: 'block.opened',
        jobId: row.jobId,
        step,
        first: manifest.nodes[nodes[0] ?? 0]?.name,
        nodes: nodes.length,
        deviation: Number.isFinite(deviation) ? deviation : String(deviation),
        demandedBytes: evidence.demandedBytes,
      },
      'a block of the step is opened',
    )
    yield* judgeable(search, nodes)
  }
}

/** A few nodes at a time, as many as it takes to keep all demands open that one may have. */
async function* judgeable(
  { model: { manifest }, evidence }: Search,
  nodes: readonly number[],
): AsyncGenerator<number[]> {
  const seen = new Set<number>()
  const missing = new Set<number>()
  const readBy = (node: number) => [
    ...committedOperands(manifest, node),
    ...(manifest.nodes[node]?.outputs ?? []),
  ]
  let batch: number[] = []
  let values: number[] = []
  for (const [i, node] of nodes.entries()) {
    const fresh = readBy(node).filter((value) => !seen.has(value))
    for (const value of fresh) seen.add(value)
    batch.push(node)
    values.push(...fresh.filter((value) => evidence.differs(value)))
    if (values.length < atOnce && i + 1 < nodes.length) continue
    for (const value of await gatherBytes(evidence, values)) missing.add(value)
    yield batch.filter(
      (node) => !readBy(node).some((value) => missing.has(value)),
    )
    batch = []
    values = []
  }
}
