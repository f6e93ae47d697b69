import { type Daemon, fetchInputs, TransactionError } from '@lynode/runtime'
import { classCodes, type Job, lockJob, priceOf } from '@lynode/sdk'
import type { JobRow, JobTable } from './jobTable.js'
import type { ModelTests } from './modelTests.js'
import { leastPrice } from './priceOfJob.js'

/** Share of the delivery time that the estimate may fill. */
const safety = 0.5

/** Refusals of `lock` that may pass: the next look decides again. */
const passing = new Set([
  'JobMarket_WrongStatus',
  'JobMarket_SequencerDown',
  'Ledger_InsufficientCommitted',
  'StakeManager_InsufficientStake',
  'StakeManager_Jailed',
])

/**
 * Decides about an order that can be locked, and locks it when the ramp has
 * reached our price. The inputs are here before the lock, so that nobody can
 * bind us to a job whose inputs are withheld.
 */
export async function considerJob(
  daemon: Daemon,
  jobs: JobTable,
  tests: ModelTests,
  row: JobRow,
  job: Job,
): Promise<void> {
  const { config, logger, metrics, models, blobClient, contracts } = daemon
  const { jobId, order, signature } = row
  const skip = (reason: string) => {
    jobs.setState(jobId, 'skipped', reason)
    metrics.jobs.inc({ outcome: 'skipped' })
    logger.info({ event: 'job.skipped', jobId, reason }, 'job skipped')
  }

  const from = job.status === 'reopened' ? job.time : order.rampStart
  const lockUntil = Math.min(from + order.lockDuration, order.expiry)
  if (daemon.now() >= lockUntil) return skip('the time to lock is over')
  if (order.payToken.toLowerCase() !== contracts.lynToken.toLowerCase())
    return skip('is not paid in LYN')

  const model = await models.load(order.modelId)
  if (order.class !== classCodes[model.manifest.class])
    return skip(`asks for class ${order.class}`)
  const inputs = await fetchInputs(blobClient, model, order)
  const { stepSeconds } = await tests.test(model, inputs)
  const seconds = stepSeconds * order.steps
  if (seconds > order.deliverDuration * safety)
    return skip(`takes ${seconds.toFixed(1)} s of ${order.deliverDuration} s`)
  const wanted = leastPrice(config, order, stepSeconds)
  if (order.maxPrice < wanted) return skip(`pays less than ${wanted} wei`)

  // A re-opened job ramps again from its re-opening (A2).
  const ramp = { ...order, rampStart: from }
  const price = priceOf(ramp, daemon.now())
  if (price < wanted) {
    logger.debug({ jobId, price: String(price) }, 'waiting for the ramp')
    return
  }
  try {
    await daemon.outbox.send({
      key: `lock:${jobId}:${job.attempt}`,
      kind: 'lock',
      ...lockJob.transaction(contracts, { order, signature }),
    })
    jobs.setState(jobId, 'locked')
    logger.info({ event: 'job.locked', jobId, price: String(price) }, 'locked')
  } catch (error) {
    if (!(error instanceof TransactionError) || error.reason === undefined)
      throw error
    if (!passing.has(error.reason.name)) skip(error.message)
    else logger.debug({ jobId, reason: error.reason.name }, 'not locked')
  }
}
