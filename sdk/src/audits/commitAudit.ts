import type { Hex } from 'viem'
import { auditManagerAbi } from '../abis/auditManagerAbi.js'
import { type WriteAction, writeAction } from '../actions/writeAction.js'

export type CommitAuditParameters = {
  execId: Hex
  /** `auditCommitment` of what is revealed later. */
  hash: Hex
}

/** Arguments of `Committed`. */
export type CommitAuditEvent = { execId: Hex; verifierId: number }

/**
 * Commits a verifier, by its hot key, to what it found in an execution that it was drawn for (`AuditManager.commit`).
 *
 * @example
 * await commitAudit.sync(hot, { execId, hash })
 */
export const commitAudit: WriteAction<CommitAuditParameters, CommitAuditEvent> =
  writeAction({
    contract: 'auditManager',
    abi: auditManagerAbi,
    functionName: 'commit',
    args: ({ execId, hash }) => [execId, hash],
    eventName: 'Committed',
  })
