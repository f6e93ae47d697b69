import type { Hex } from 'viem'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { type Job, jobStatuses } from '../types/job.js'
import { readAction } from './readAction.js'

export type GetJobParameters = { jobId: Hex }

/**
 * Reads a job (`JobMarket.jobOf`). One that was never locked has status `none`.
 *
 * @example
 * const { status, resultRoot } = await getJob(client, { jobId })
 */
export async function getJob(
  client: LynodeReader,
  { jobId }: GetJobParameters,
): Promise<Job> {
  const { status, flags, ...job } = await readAction(client, {
    contract: 'jobMarket',
    abi: jobMarketAbi,
    functionName: 'jobOf',
    args: [jobId],
  })
  return {
    jobId,
    ...job,
    status: jobStatuses[status] ?? 'none',
    disputed: (flags & 1) === 1,
    declinable: (flags & 4) === 4,
  }
}
