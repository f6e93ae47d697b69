import { byteLength, type ResultDocument } from '@lynode/sdk'
import { mostDisputes } from './checkSegments.js'
import { demandedResult, servedResult } from './claimedResult.js'
import { type Disputed, dispute } from './dispute.js'
import { endDeviation } from './endDeviation.js'
import { holdState } from './holdState.js'
import { type OwnRun, rerunAlong } from './rerunAlong.js'
import { roundingMargin } from './searchBlocks.js'
import type { CheckResult } from './searchTrace.js'

/** A step that no run of ours gives, and how far its results lie from its inputs. */
type Suspect = { runs: readonly OwnRun[]; deviation: number }

/**
 * Checks a job of several steps, each a segment of its own, whose result is not
 * ours. Every step is run from what the provider says that it began with, or a
 * nudge in an early one would hide a lie in a later one (A7), and the step that
 * deviates most is disputed first: all that deviate by more than rounding, and a
 * few of the others.
 */
export async function checkSteps(options: Disputed): Promise<CheckResult> {
  const { daemon, demands, model, order, row, client } = options
  const { manifest } = model
  const { steps } = order
  const { resultRoot } = row
  const served = await servedResult(daemon, client, manifest, resultRoot, steps)
  // Traces can be demanded until the window closes, and which step is wrong shows
  // only when what the steps gave has been opened, which may take longer (A3).
  if (!(served && (await isServed(options, served))))
    if (manifest.header.activations > 0)
      for (let step = 0; step < steps; step++)
        demands.trace(step).catch(() => undefined) // seen by whoever disputes it
  const claimed =
    served ?? (await demandedResult(demands, manifest, resultRoot, steps))

  const suspects = await suspectsOf(options, claimed)
  let last: CheckResult | undefined
  for (const [i, { runs, deviation }] of suspects.entries()) {
    if (i >= mostDisputes && deviation <= roundingMargin) break
    last = (await dispute(options, runs, claimed)).found
    if (last.verdict !== 'tolerated') return last
  }
  return last ?? { verdict: 'ok', details: {} }
}

/** Whether what the steps gave is at hand, or the provider's data server gives it. */
async function isServed(
  { daemon, client }: Disputed,
  { steps }: ResultDocument,
): Promise<boolean> {
  for (const tensor of steps.flatMap(({ carried, outputs }) => [
    ...carried,
    ...outputs,
  ]))
    try {
      if (!daemon.reader.has(tensor.dataRoot))
        await client.fetchBlob(tensor.dataRoot, byteLength(tensor))
    } catch {
      return false // it has to be demanded
    }
  return true
}

/** Every step that is not ours, the most deviating first. */
async function suspectsOf(
  options: Disputed,
  claimed: ResultDocument,
): Promise<Suspect[]> {
  const { daemon, model, inputs, blobs } = options
  const suspects: Suspect[] = []
  for (let from = 0; from < claimed.steps.length; ) {
    const { runs } = await rerunAlong({
      ...{ daemon, model, inputs, claimed, blobs, from },
    })
    const [run] = runs
    if (run === undefined) break
    from = run.result.steps.length
    const found = { step: from - 1, own: undefined, claimed: undefined }
    const deviation = await endDeviation(options, claimed, { own: run, found })
    suspects.push({ runs, deviation })
    // The next step begins with what this one is said to have ended with.
    const state = claimed.steps[from - 1]?.carried ?? []
    if (from < claimed.steps.length)
      await holdState(options, from - 1, state, Number.POSITIVE_INFINITY)
  }
  return suspects.sort((a, b) => b.deviation - a.deviation)
}
