import { type Daemon, TransactionError } from '@lynode/runtime'
import { type Job, lockAllowed, lockJob, priceOf } from '@lynode/sdk'
import { allowedProof } from './allowedProof.js'
import type { Costs } from './costs.js'
import type { JobRow, JobTable } from './jobTable.js'
import { judgeJob, type SkipKind } from './judgeJob.js'
import { lynValue } from './lynValue.js'
import { refusalOf } from './refusalOf.js'

/** Refusals of `lock` that may pass: the next look decides again. */
const passing = new Set([
  'JobMarket_WrongStatus',
  'JobMarket_SequencerDown',
  'Ledger_InsufficientCommitted',
  'PriceOracle_LynRateStale',
  'PriceOracle_Unhealthy',
  'StakeManager_InsufficientStake',
  'StakeManager_Jailed',
])

/**
 * Decides about an order that can be locked by the ramp, of anybody or of named
 * providers, and locks it when the price has reached ours. Whatever it decides
 * has a reason in the table.
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
  if (daemon.now() >= lockUntil) return skip('late', 'the time to lock is over')
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
      ...call,
    })
    jobs.setState(jobId, 'locked')
    metrics.bids.inc({ outcome: 'won' })
    logger.info({ event: 'job.locked', jobId, price: String(price) }, 'locked')
  } catch (error) {
    if (!(error instanceof TransactionError) || error.reason === undefined)
      throw error
    metrics.bids.inc({ outcome: 'lost' })
    if (!passing.has(error.reason.name)) return skip('refused', error.message)
    jobs.note(jobId, `not locked: ${error.reason.name}`)
  }
}

const noRoot = `0x${'00'.repeat(32)}`
