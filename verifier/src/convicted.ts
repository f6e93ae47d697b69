import type { Daemon } from '@lynode/runtime'
import { type Order, proveFraud } from '@lynode/sdk'
import type { Conviction } from './proveElement.js'
import type { CheckResult, Searched } from './searchTrace.js'
import { shownValue } from './shownValue.js'

/** What a proof said that convicted. */
export async function convicted(
  daemon: Daemon,
  order: Order,
  row: Searched,
  { receipt, proof, proofBytes }: Conviction,
): Promise<CheckResult> {
  const { manifest } = await daemon.models.load(order.modelId)
  const { claimed, low, high } = proveFraud.extractEvent(receipt)
  const node = manifest.nodes[proof.node]
  const dtype =
    manifest.values[node?.outputs[proof.output] ?? -1]?.type.dtype ?? 1
  const { timestamp } = await daemon.client.getBlock({
    blockNumber: receipt.blockNumber,
  })
  const details = {
    jobId: row.jobId,
    execId: row.execId,
    providerId: row.providerId,
    step: proof.step,
    operator: node?.operator,
    node: node?.name,
    nodeIndex: proof.node,
    output: proof.output,
    element: proof.element,
    ...shownValue(dtype, claimed, low, high),
    proofGas: Number(receipt.gasUsed),
    proofBytes,
    // Until the conviction, in block time.
    disputeSeconds: Number(timestamp) - row.since,
    transaction: receipt.transactionHash,
  }
  daemon.logger.info({ event: 'fraud.proved', ...details }, 'fraud proved')
  return { verdict: 'fraud', details }
}
