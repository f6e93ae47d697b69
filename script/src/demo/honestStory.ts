import { nodeSha256 } from '@lynode/runtime'
import { awaitJob, followJob, formatAmount, modelInterface } from '@lynode/sdk'
import { announceRun } from './announceRun.js'
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
  const { requester, devnet, manifest } = context
  const start = performance.now()
  const { jobId, order } = await announceRun(context)
  report(`order ${jobId.slice(0, 10)} announced, price ramps from 5 to 15 LYN`)
  let text = ''
  const model = modelInterface(manifest, nodeSha256)
  for await (const state of followJob(requester, { order, model })) {
    if (state.type === 'locked')
      report(
        `provider ${state.providerId} locked at ${formatAmount(state.price)}`,
      )
    if (state.type !== 'delivered') continue
    const [output] = Object.values(state.result.outputs)
    if (output === undefined) throw storyFailed('the result has no output')
    text = context.decode(new Uint8Array(output.data.buffer))
    report(`delivered; it reads "${text}"; the window runs`)
  }
  const job = await awaitJob(requester, { jobId, order, until: ['settled'] })
  if (job.providerId !== devnet.providerId)
    throw storyFailed(`provider ${job.providerId} did the first job`)
  report(`settled: provider ${job.providerId} was paid`)
  return { jobId, text, seconds: (performance.now() - start) / 1000 }
}
