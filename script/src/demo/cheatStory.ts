import { awaitJob, formatAmount } from '@lynode/sdk'

import { announceRun } from './announceRun.js'
import type { DemoContext, StoryResult } from './demoContext.js'
import type { Gate } from './gate.js'
import { storyFailed } from './storyFailed.js'

/**
 * Story 2: an identical order is taken by the cheating provider, which underbids;
 * the verifier re-executes, demands the trace, finds the element and convicts.
 *
 * @param cheatId - The cheating provider.
 * @param locked - Opened when the job is taken.
 */
export async function cheatStory(
  context: DemoContext,
  cheatId: number,
  locked: Gate,
  report: (line: string) => void,
): Promise<StoryResult> {
  const { requester } = context
  const start = performance.now()
  const { jobId, order } = await announceRun(context)
  report(`identical order ${jobId.slice(0, 10)} announced`)
  const job = await awaitJob(requester, {
    jobId,
    order,
    until: ['convicted'],
    onChange({ status, providerId, price }) {
      if (status === 'locked') {
        locked.open()
        report(`provider ${providerId} underbid: ${formatAmount(price)}`)
      }
      if (status === 'delivered')
        report('delivered an altered result; the verifier re-executes')
    },
  })
  locked.open()
  if (job.providerId !== cheatId)
    throw storyFailed(`provider ${job.providerId} was convicted, no cheat`)
  report('convicted: stake slashed, requester refunded, prover paid')
  return { jobId, seconds: (performance.now() - start) / 1000 }
}
