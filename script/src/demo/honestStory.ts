import { formatAmount, getProvider } from '@lynode/sdk'
import { awaitJob, fetchOutputs } from 'lynode/devnet'
import { announceReading } from './announceReading.js'
import type { DemoContext, StoryResult } from './demoContext.js'
import { storyFailed } from './storyFailed.js'

/**
 * Story 1: the price ramps until the honest provider locks; it runs the model,
 * delivers, the window passes, it is paid.
 *
 * @returns The text that was read, too.
 */
export async function honestStory(
  context: DemoContext,
  report: (line: string) => void,
): Promise<StoryResult & { text: string }> {
  const { requester, devnet, data, manifest } = context
  const start = performance.now()
  const { jobId, order } = await announceReading(context)
  report(`order ${jobId.slice(0, 10)} announced, price ramps from 5 to 15 LYN`)
  const delivered = await awaitJob(requester, {
    jobId,
    order,
    until: ['delivered', 'settled'],
    onChange({ status, providerId, price }) {
      if (status === 'locked')
        report(`provider ${providerId} locked at ${formatAmount(price)}`)
    },
  })
  const { endpoint } = await getProvider(requester, {
    providerId: delivered.providerId,
  })
  const [output] = await fetchOutputs(
    data,
    manifest,
    delivered.resultRoot,
    endpoint,
  )
  if (output === undefined) throw storyFailed('the result has no output')
  const text = context.decode(output.data)
  report(`delivered; it reads "${text}"; the window runs`)
  const job = await awaitJob(requester, { jobId, order, until: ['settled'] })
  if (job.providerId !== devnet.providerId)
    throw storyFailed(`provider ${job.providerId} did the first job`)
  report(`settled: provider ${job.providerId} was paid`)
  return { jobId, text, seconds: (performance.now() - start) / 1000 }
}
