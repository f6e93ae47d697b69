import { auditManagerAbi } from '../abis/auditManagerAbi.js'
import { type WriteAction, writeAction } from '../actions/writeAction.js'

export type CloseEpochParameters = { epoch: number }

/** Arguments of `EpochClosed`. */
export type CloseEpochEvent = {
  epoch: number
  version: number
  requestId: bigint
  fallbackBlock: bigint
}

/**
 * Closes an epoch that has ended: its stake is fixed and a seed asked for (`AuditManager.closeEpoch`). Anyone may.
 *
 * @example
 * await closeEpoch.sync(client, { epoch })
 */
export const closeEpoch: WriteAction<CloseEpochParameters, CloseEpochEvent> =
  writeAction({
    contract: 'auditManager',
    abi: auditManagerAbi,
    functionName: 'closeEpoch',
    args: ({ epoch }) => [epoch],
    eventName: 'EpochClosed',
  })
