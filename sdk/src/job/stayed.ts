import { getBlock } from 'viem/actions'
import { getJob } from '../actions/getJob.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import type { Job } from '../types/job.js'

/**
 * Whether a job stayed as it was seen until a time of the chain had passed. It is
 * looked at once more after that: a provider may take it between the look at its
 * state and the look at the clock, and is paid then.
 */
export async function stayed(
  client: LynodeReader,
  { jobId, status }: Job,
  until: number,
): Promise<boolean> {
  const { timestamp } = await getBlock(client).catch((error: unknown) => {
    throw toLynodeError(error)
  })
  return (
    timestamp > until && (await getJob(client, { jobId })).status === status
  )
}
