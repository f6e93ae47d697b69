import { type ResultDocument, segmentOf } from '@lynode/sdk'
import { checkWithin } from './checkWithin.js'
import { demandedResult } from './claimedResult.js'
import { type Disputed, dispute } from './dispute.js'
import { differingStep } from './disputedStep.js'
import { holdState } from './holdState.js'
import { rankSegments } from './rankSegments.js'
import { type OwnRun, rerunAlong } from './rerunAlong.js'
import type { CheckResult } from './searchTrace.js'

/** Disputes over one job that end in nothing: each costs a bond. */
export const mostDisputes = 3

/**
 * Checks a job with segments, each from the provider's own checkpoint (B8). The
 * first that is not ours is disputed at once. Where another machine's rounding
 * explains it, nothing may hide behind it (A7): the steps behind it in its segment
 * are looked at, and then the segments that end farthest from ours.
 *
 * @param served - The result document, if the provider serves it.
 * @param runs - Of the whole job, where they are at hand already.
 */
export async function checkSegments(
  options: Disputed,
  served: ResultDocument | undefined,
  runs?: readonly OwnRun[],
): Promise<CheckResult> {
  const { demands, model, order, row } = options
  const { manifest } = model
  const claimed =
    served ??
    (await demandedResult(demands, manifest, row.resultRoot, order.steps))
  let first = runs
  if (first === undefined) {
    const ran = await rerun(options, claimed, 0)
    if (ran.runs.length === 0)
      return { verdict: 'ok', details: { ms: Math.round(ran.runMs) } }
    first = ran.runs
  }
  const step = Math.max(
    ...first.map(({ result }) => differingStep(claimed, result)),
  )
  const decided = new AbortController()
  // What a segment's steps carried can be demanded until the window closes, and a
  // provider may take its time with what is asked first (A3).
  const behind = segmentsBehind(options, claimed, step, decided.signal)
  behind.catch(() => undefined) // seen below, unless it is decided before
  try {
    let last = await checkSegment(options, claimed, first)
    if (last.verdict !== 'tolerated') return last
    for (const runs of await behind) {
      last = await checkSegment(options, claimed, runs)
      if (last.verdict !== 'tolerated') break
    }
    return last
  } finally {
    decided.abort()
    await behind.catch(() => undefined)
  }
}

async function checkSegment(
  options: Disputed,
  claimed: ResultDocument,
  runs: readonly OwnRun[],
): Promise<CheckResult> {
  const { found, candidate } = await dispute(options, runs, claimed)
  if (found.verdict !== 'tolerated') return found
  return (await checkWithin(options, claimed, candidate)) ?? found
}

/**
 * Runs of the segments behind a step that end farthest from ours, a few of all
 * that differ; what their steps carried is demanded already.
 */
async function segmentsBehind(
  options: Disputed,
  claimed: ResultDocument,
  step: number,
  signal: AbortSignal,
): Promise<OwnRun[][]> {
  const { segment, steps } = claimed
  const differing: OwnRun[][] = []
  let left = options.daemon.config.demandMiB * 2 ** 20
  const { first, length } = segmentOf(step, segment, steps.length)
  for (let from = first + length; from < steps.length; ) {
    const state = steps[from - 1]?.carried ?? []
    const demanded = await holdState(options, from - 1, state, left)
    // Not served, and dear: there is nothing to go on from.
    if (demanded === undefined || signal.aborted) break
    left -= demanded
    const { runs } = await rerun(options, claimed, from)
    const [run] = runs
    if (run === undefined || signal.aborted) break
    differing.push(runs)
    from = run.result.steps.length
  }
  if (signal.aborted) return []
  const ranked = await rankSegments(options, claimed, differing)
  const farthest = ranked.slice(0, mostDisputes - 1)
  for (const [run] of farthest) {
    const last = (run?.result.steps.length ?? 0) - 1
    const { first } = segmentOf(last, segment, steps.length)
    // Whoever disputes it asks again, and sees what comes of it.
    options.demands.states(first).catch(() => undefined)
  }
  return farthest
}

async function rerun(
  { daemon, model, inputs, blobs, order }: Disputed,
  claimed: ResultDocument,
  from: number,
): Promise<{ runs: OwnRun[]; runMs: number }> {
  const ran = await rerunAlong({ daemon, model, inputs, claimed, blobs, from })
  daemon.metrics.inference.observe(
    { path: 'fast', model: daemon.metrics.modelLabel(order.modelId) },
    ran.runMs / 1_000,
  )
  return ran
}
