import { type Daemon, verifyDelivery } from '@lynode/runtime'
import { LynodeError, type Order } from '@lynode/sdk'
import type { CheckRow } from './checkTable.js'
import type { CheckResult } from './searchTrace.js'

/**
 * Checks a delivery of class zk: every proof again, on this machine and with the
 * key that the model is bound to. It is final, so a proof that does not hold is
 * no case for the contracts but for governance, which retires its verifier.
 *
 * @throws what keeps it from a verdict now; call again.
 */
export async function checkProved(
  daemon: Daemon,
  order: Order,
  row: CheckRow,
): Promise<CheckResult> {
  const { client, blobClient, blobs, models, logger } = daemon
  const { manifest } = await models.load(order.modelId)
  const start = performance.now()
  try {
    const { steps } = await verifyDelivery(
      client,
      { client: blobClient, blobs },
      manifest,
      row.jobId,
      [daemon.endpointOf(row.providerId)],
    )
    const ms = Math.round(performance.now() - start)
    return { verdict: 'ok', details: { ms, proofs: steps.length } }
  } catch (error) {
    if (!(error instanceof LynodeError)) throw error
    // The chain accepted a proof that this machine cannot read.
    if (error.code === 'LY-ZK-009')
      return { verdict: 'unchecked', details: { reason: error.details } }
    if (error.code !== 'LY-ZK-014') throw error
    logger.error(
      { event: 'proof.invalid', jobId: row.jobId, modelId: order.modelId },
      "the model's verifier accepted a proof that does not hold: it should be retired",
    )
    return { verdict: 'unproved', details: { code: error.code } }
  }
}
