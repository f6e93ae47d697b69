import { simulateContract } from 'viem/actions'
import { executionId } from '../actions/executionId.js'
import { getExecution } from '../actions/getExecution.js'
import { settleJob } from '../actions/settleJob.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import type { Job } from '../types/job.js'
import type { Order } from '../types/order.js'

/** Whether a result can still be disputed. */
export type Finality = {
  /** Nothing can be proved against it any more. */
  final: boolean
  /** Unix seconds, at the earliest: disputes and audits move it back. */
  finalAt: number
}

/**
 * Says whether the result of a delivered job is final: the job is settled, or
 * could be settled in this moment (`JobMarket.settle`, simulated), which the
 * market allows only when window, disputes and audits are over.
 *
 * @example
 * const { final, finalAt } = await finalityOf(client, order, await getJob(client, { jobId }))
 */
export async function finalityOf(
  client: LynodeReader,
  order: Order,
  job: Job,
): Promise<Finality> {
  let finalAt = job.time + job.window
  if (job.status === 'settled') return { final: true, finalAt }
  if (job.status !== 'delivered') return { final: false, finalAt }
  if (job.disputed) {
    const execution = await getExecution(client, { execId: executionId(job) })
    finalAt = Math.max(finalAt, execution.finalAt, execution.lastCommitLive)
  }
  return { final: await canSettle(client, order), finalAt }
}

async function canSettle(client: LynodeReader, order: Order) {
  try {
    await simulateContract(client, {
      ...settleJob.call(client.addressBook.contracts, { order }),
      account: order.requester,
    })
    return true
  } catch (error) {
    const known = toLynodeError(error)
    // The chain was not asked: that says nothing about the job.
    if (known.code.startsWith('LY-TX-') && known.code !== 'LY-TX-002')
      throw known
    return false
  }
}
