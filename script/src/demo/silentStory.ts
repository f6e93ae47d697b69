import { awaitJob, formatAmount } from '@lynode/sdk'

import { announceRun } from './announceRun.js'
import type { DemoContext, StoryResult } from './demoContext.js'
import { storyFailed } from './storyFailed.js'

/**
 * Story 3: a provider takes the job and goes silent; the lock expires, it is
 * slashed, the job is re-opened and done by the honest one.
 *
 * @param silentId - The silent provider.
 */
export async function silentStory(
  context: DemoContext,
  silentId: number,
  report: (line: string) => void,
): Promise<StoryResult> {
  const { requester, devnet } = context
  const start = performance.now()
  const { jobId, order } = await announceRun(context)
  report(`order ${jobId.slice(0, 10)} announced`)
  const takers: number[] = []
  const job = await awaitJob(requester, {
    jobId,
    // A re-opened job has its time to lock from the re-opening.
    order: { ...order, lockDuration: order.expiry - order.rampStart },
    until: ['settled'],
    onChange({ status, providerId, price, attempt }) {
      if (status === 'locked') {
        takers.push(providerId)
        const terms = `${formatAmount(price)} (attempt ${attempt + 1})`
        report(`provider ${providerId} locked at ${terms}`)
      } else if (status === 'reopened')
        report('no delivery in time: slashed and re-opened')
      else if (status === 'delivered') report('delivered; the window runs')
    },
  })
  if (takers[0] !== silentId || job.providerId !== devnet.providerId)
    throw storyFailed(
      `providers ${takers.join(', ')} locked the third job, ${job.providerId} did it`,
    )
  report(`settled: provider ${job.providerId} was paid`)
  return { jobId, seconds: (performance.now() - start) / 1000 }
}
