import type { ResultDocument } from '@lynode/sdk'
import { checkWithin } from './checkWithin.js'
import { type Disputed, dispute } from './dispute.js'
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
  let claimed = served
  let first = runs
  if (first === undefined && claimed !== undefined) {
    const ran = await rerun(options, claimed, 0)
    if (ran.runs.length === 0)
      return { verdict: 'ok', details: { ms: Math.round(ran.runMs) } }
    first = ran.runs
  }
  let last: CheckResult | undefined
  const waiting: (readonly OwnRun[])[] = [first ?? []]
  for (let disputes = 0; disputes < mostDisputes; disputes++) {
    const next = waiting.shift()
    if (next === undefined) break
    const ended = await dispute(options, next, claimed)
    const { candidate } = ended
    claimed = ended.claimed
    last = ended.found
    if (last.verdict !== 'tolerated') return last
    last = (await checkWithin(options, claimed, candidate)) ?? last
    if (last.verdict !== 'tolerated') return last
    if (disputes === 0)
      waiting.push(
        ...(await segmentsBehind(options, claimed, candidate.found.step)),
      )
  }
  return last ?? { verdict: 'unchecked', details: {} }
}

/** Runs of all segments behind a step that are not ours, the farthest off first. */
async function segmentsBehind(
  options: Disputed,
  claimed: ResultDocument,
  step: number,
): Promise<OwnRun[][]> {
  const { segment, steps } = claimed
  const differing: OwnRun[][] = []
  let left = options.daemon.config.demandMiB * 2 ** 20
  for (let from = step - (step % segment) + segment; from < steps.length; ) {
    const state = steps[from - 1]?.carried ?? []
    const demanded = await holdState(options, from - 1, state, left)
    // Not served, and dear: there is nothing to go on from.
    if (demanded === undefined) break
    left -= demanded
    const { runs } = await rerun(options, claimed, from)
    const [run] = runs
    if (run === undefined) break
    differing.push(runs)
    from = run.result.steps.length
  }
  return rankSegments(options, claimed, differing)
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
