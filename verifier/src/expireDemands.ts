import type { Daemon } from '@lynode/runtime'
import { TransactionError } from '@lynode/runtime'
import { expireDemand, getDemand, type Hex, type JobStatus } from '@lynode/sdk'
import type { CheckTable } from './checkTable.js'

/** How long a node may know nothing of what its events told us. */
const lateSeconds = 3_600

/** What a job, or the case of an attestation, was before its result could be disputed. */
const early: readonly JobStatus[] = ['none', 'locked']

/**
 * Expires every demand that is due, whoever made it: silence convicts whoever
 * was not answered (A2). What cannot be expired any more is forgotten.
 *
 * @param statusOf - Of a job, or of the case that a demand names as its job.
 */
export async function expireDemands(
  daemon: Pick<Daemon, 'client' | 'contracts' | 'logger' | 'now' | 'outbox'>,
  table: Pick<CheckTable, 'dueBy' | 'orderOf' | 'removeDeadline'>,
  statusOf: (jobId: Hex) => Promise<JobStatus | undefined>,
): Promise<void> {
  const { client, contracts, logger, now, outbox } = daemon
  for (const { demandId, jobId, deadline } of table.dueBy(now())) {
    const order = table.orderOf(jobId)
    const { status } = await getDemand(client, { demandId })
    // A demand stays open when another one convicts.
    const job = status === 'open' ? await statusOf(jobId) : undefined
    // We saw the event: this node is late, or a reorganisation undid it.
    const late = status === 'none' || (job !== undefined && early.includes(job))
    if (late && now() < deadline + lateSeconds) continue
    if (order !== undefined && job === 'delivered')
      try {
        await outbox.send({
          key: `expire:${demandId}`,
          kind: 'expireDemand',
          ...expireDemand.transaction(contracts, { order, demandId }),
        })
        logger.info(
          { event: 'demand.expired', jobId, demandId },
          'demand expired: who did not answer is convicted',
        )
      } catch (error) {
        if (!(error instanceof TransactionError) || error.reason === undefined)
          throw error
        // The sequencer was down meanwhile: the answer has time again.
        if (error.reason.name === 'Disputes_DeadlineRunning') continue
      }
    table.removeDeadline(demandId)
  }
}
