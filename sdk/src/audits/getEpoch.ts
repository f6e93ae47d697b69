import { auditManagerAbi } from '../abis/auditManagerAbi.js'
import { readAction } from '../actions/readAction.js'
import type { LynodeReader } from '../clients/lynodeClient.js'

export type GetEpochParameters = { epoch: number }

/** An epoch of audits. Twin of `IAuditManager.Epoch`. */
export type AuditEpoch = {
  epoch: number
  /** 0 while there is none. */
  seed: bigint
  seedAt: number
  version: number
  /** 0 while it is open. */
  closedAt: number
  requestedAt: number
  fallbackBlock: bigint
  /** Of all verifiers in its last second, in LYN wei. */
  totalStake: bigint
}

/**
 * Reads an epoch of audits (`AuditManager.epochOf`).
 *
 * @example
 * const { seed, closedAt } = await getEpoch(client, { epoch })
 */
export async function getEpoch(
  client: LynodeReader,
  { epoch }: GetEpochParameters,
): Promise<AuditEpoch> {
  const found = await readAction(client, {
    contract: 'auditManager',
    abi: auditManagerAbi,
    functionName: 'epochOf',
    args: [epoch],
  })
  return { epoch, ...found }
}
