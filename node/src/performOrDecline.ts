import { type Daemon, TransactionError } from '@lynode/runtime'
import { classCodes, declineJob, type Job, LynodeError } from '@lynode/sdk'
import type { JobRow, JobTable } from './jobTable.js'
import type { ModelTests } from './modelTests.js'
import { performJob } from './performJob.js'
import type { ProvedJobs } from './provedJobs.js'
import type { WorkQueue } from './scaleout/workQueue.js'

/**
 * Inputs that cannot be had, or that the circuit does not take; a model whose
 * profile what computes here now does not keep.
 */
const declined = ['LY-BLOB-005', 'LY-ZK-008', 'LY-MODEL-006']

/**
 * Meets the obligation of a lock, or gives it back where that costs nothing: a
 * fill of a standing offer whose inputs are useless, or whose model is, or one too
 * many (D6).
 *
 * @param busy - Whether more jobs are locked than may be in work.
 * @param proved - What meets a lock of class zk.
 * @param queue - Whose workers run the job, if not this process.
 */
export async function performOrDecline(
  daemon: Daemon,
  jobs: JobTable,
  tests: ModelTests,
  row: JobRow,
  job: Job,
  busy: boolean,
  proved: Pick<ProvedJobs, 'deliver'>,
  queue: WorkQueue | undefined,
): Promise<void> {
  if (busy && (await decline(daemon, jobs, row, job, '`maxJobs` are in work')))
    return
  try {
    if (row.order.class === classCodes.zk) await proved.deliver(jobs, row, job)
    else await performJob(daemon, jobs, tests, row, job, queue)
  } catch (error) {
    const useless =
      error instanceof LynodeError && declined.includes(error.code)
    if (!useless || !(await decline(daemon, jobs, row, job, error.message)))
      throw error
  }
}

/** @returns Whether the lock is given back. */
async function decline(
  { outbox, contracts, logger }: Daemon,
  jobs: JobTable,
  { jobId, order }: JobRow,
  job: Job,
  reason: string,
): Promise<boolean> {
  if (!job.declinable) return false
  try {
    await outbox.send({
      key: `decline:${jobId}:${job.attempt}`,
      kind: 'decline',
      ...declineJob.transaction(contracts, { order }),
    })
  } catch (error) {
    // Too late for it: the job is ours.
    if (error instanceof TransactionError && error.reason !== undefined)
      return false
    throw error
  }
  jobs.setState(jobId, 'skipped', `declined: ${reason}`)
  logger.info({ event: 'job.declined', jobId, reason }, 'job declined')
  return true
}
