import { type Daemon, TransactionError } from '@lynode/runtime'
import { type Job, lockAllowed, lockJob, priceOf } from '@lynode/sdk'
import { allowedProof } from './allowedProof.js'
import type { Costs } from './costs.js'
import { isLasting } from './isLasting.js'
import type { JobRow, JobTable } from './jobTable.js'
import { judgeJob, type SkipKind } from './judgeJob.js'
import { lynValue } from './lynValue.js'
import { NotNow } from './notNow.js'
import { refusalOf } from './refusalOf.js'

/**
 * Decides about an order that can be locked by the ramp, of anybody or of named
 * providers, and locks it when the price has reached ours. Whatever it decides
 * has a reason in the table.
 *
 * @throws NotNow for a reason that may pass, and whatever could not be had now:
 * the order is looked at again as long as it is open.
 */
export async function considerJob(
  daemon: Daemon,
  jobs: JobTable,
  costs: Costs,
  providerId: number,
  row: JobRow,
  job: Job,
): Promise<void> {
  const { client, logger, metrics, contracts } = daemon
  const { jobId, order, signature } = row
  const skip = (kind: SkipKind, reason: string) => {
    jobs.setState(jobId, 'skipped', reason)
    metrics.jobs.inc({ outcome: 'skipped' })
    metrics.jobsSkipped.inc({ reason: kind })
    logger.info({ event: 'job.skipped', jobId, reason }, 'job skipped')
  }

  const from = job.status === 'reopened' ? job.time : order.rampStart
  const lockUntil = Math.min(from + order.lockDuration, order.expiry)
  if (daemon.now() >= lockUntil) return skip('late', lateReason(row.reason))
  const allowed = allowedProof(order, row.allowed, providerId)
  if (allowed === undefined) return skip('others', 'names other providers')
  const judged = await judgeJob(daemon, costs, providerId, order).catch(
    (error: unknown) => {
      const reason = refusalOf(error)
      if (reason === undefined) throw error
      return { kind: 'model' as const, reason }
    },
  )
  if (judged.reason !== undefined) return skip(judged.kind, judged.reason)
  const { wanted } = judged
  if ((await lynValue(client, order, order.maxPrice)) < wanted)
    return skip('price', `pays less than ${wanted} wei`)

  // A re-opened job ramps again from its re-opening (A2).
  const price = priceOf({ ...order, rampStart: from }, daemon.now())
  if ((await lynValue(client, order, price)) < wanted)
    return jobs.note(jobId, 'waits for the price to rise')
  const call =
    order.allowedRoot === noRoot
      ? lockJob.transaction(contracts, { order, signature })
      : lockAllowed.transaction(contracts, { order, signature, allowed })
  try {
    await daemon.outbox.send({
      key: `lock:${jobId}:${job.attempt}`,
      kind: 'lock',
      atStakeWei: order.collateral,
      ...call,
    })
    jobs.setState(jobId, 'locked')
    metrics.bids.inc({ outcome: 'won' })
    logger.info({ event: 'job.locked', jobId, price: String(price) }, 'locked')
  } catch (error) {
    if (!(error instanceof TransactionError) || error.reason === undefined)
      throw error
    metrics.bids.inc({ outcome: 'lost' })
    if (isLasting(error.reason)) return skip('refused', error.message)
    throw new NotNow(error.message, { cause: error })
  }
}

/** Says too why an order that was open had to wait. */
function lateReason(before: string): string {
  const late = 'the time to lock is over'
  return before === '' ? late : `${late}: ${before}`
}

const noRoot = `0x${'00'.repeat(32)}`
