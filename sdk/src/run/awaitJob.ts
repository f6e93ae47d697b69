import type { Hex } from 'viem'
import { getJob } from '../actions/getJob.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { LynodeError } from '../errors/lynodeError.js'
import { stayed } from '../job/stayed.js'
import type { Job, JobStatus } from '../types/job.js'
import type { Order } from '../types/order.js'
import { sleep } from './sleep.js'

export type AwaitJobParameters = {
  jobId: Hex
  order: Pick<Order, 'rampStart' | 'lockDuration' | 'expiry'>
  /** The job is followed until it reaches one of these. */
  until: readonly JobStatus[]
  /** Called with every state that was not seen before. */
  onChange?: ((job: Job) => void) | undefined
  /** Time between two looks at the chain; 200 by default. */
  pollMs?: number | undefined
  /** Ends the waiting, not the job. */
  signal?: AbortSignal | undefined
}

/**
 * Follows a job on chain until it reaches a state.
 *
 * @throws LynodeError `LY-JOB-001` when nobody locks it in time, `LY-JOB-002`
 * when it ends in another state than those waited for; the signal's reason.
 * @example
 * const { resultRoot } = await awaitJob(client, { jobId, order, until: ['delivered', 'settled'] })
 */
export async function awaitJob(
  client: LynodeReader,
  parameters: AwaitJobParameters,
): Promise<Job> {
  const { jobId, order, until, onChange, pollMs = 200, signal } = parameters
  const lockBy = Math.min(order.rampStart + order.lockDuration, order.expiry)
  let seen = ''
  for (;;) {
    const job = await getJob(client, { jobId })
    const state = `${job.status} ${job.attempt} ${job.providerId}`
    if (state !== seen) {
      seen = state
      onChange?.(job)
    }
    if (until.includes(job.status)) return job
    if (['settled', 'convicted', 'refunded'].includes(job.status))
      throw new LynodeError('LY-JOB-002', {
        details: `job ${jobId} is ${job.status}`,
      })
    if (job.status === 'none' && (await stayed(client, job, lockBy)))
      throw new LynodeError('LY-JOB-001', { details: `job ${jobId}` })
    await sleep(pollMs, signal)
  }
}
