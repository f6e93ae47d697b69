import { byteLength, type ResultDocument } from '@lynode/sdk'
import { type Disputed, dispute } from './dispute.js'
import { rerunAlong } from './rerunAlong.js'
import type { CheckResult } from './searchTrace.js'

/** Disputes over one job that end in nothing: each costs a bond. */
export const mostDisputes = 3

/**
 * Checks a job with segments from the provider's own checkpoints. Where another
 * machine's rounding explains a segment, it goes on behind it (B8).
 */
export async function checkAlong(
  options: Disputed,
  claimed: ResultDocument,
): Promise<CheckResult> {
  const { daemon, model, inputs, blobs, client } = options
  let from = 0
  let last: CheckResult | undefined
  for (let disputes = 0; disputes < mostDisputes; disputes++) {
    const { runs, runMs } = await rerunAlong({
      daemon,
      model,
      inputs,
      claimed,
      blobs,
      from,
    })
    daemon.metrics.inference.observe(
      { path: 'fast', model: daemon.metrics.modelLabel(options.order.modelId) },
      runMs / 1_000,
    )
    const [run] = runs
    if (run === undefined)
      return last ?? { verdict: 'ok', details: { ms: Math.round(runMs) } }
    last = await dispute(options, runs, claimed)
    if (last.verdict !== 'tolerated') return last
    from = run.result.steps.length
    const state = claimed.steps[from - 1]?.carried ?? []
    try {
      for (const tensor of state)
        await client.fetchBlob(tensor.dataRoot, byteLength(tensor))
    } catch {
      return last // not served: there is nothing to go on from
    }
  }
  return last ?? { verdict: 'unchecked', details: {} }
}
