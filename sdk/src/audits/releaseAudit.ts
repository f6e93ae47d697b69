import type { Hex } from 'viem'
import { auditManagerAbi } from '../abis/auditManagerAbi.js'
import { type WriteAction, writeAction } from '../actions/writeAction.js'

export type ReleaseAuditParameters = { execId: Hex; verifierId: number }

/** Arguments of `ReserveReleased`. */
export type ReleaseAuditEvent = {
  execId: Hex
  verifierId: number
  amount: bigint
}

/**
 * Frees the stake that a reveal reserved, once nothing can be held against it any more (`AuditManager.release`). Anyone may.
 *
 * @example
 * await releaseAudit.sync(client, { execId, verifierId })
 */
export const releaseAudit: WriteAction<
  ReleaseAuditParameters,
  ReleaseAuditEvent
> = writeAction({
  contract: 'auditManager',
  abi: auditManagerAbi,
  functionName: 'release',
  args: ({ execId, verifierId }) => [execId, verifierId],
  eventName: 'ReserveReleased',
})
