import { auditManagerAbi } from '../abis/auditManagerAbi.js'
import { type WriteAction, writeAction } from '../actions/writeAction.js'

export type RequestSeedParameters = { epoch: number }

/** Arguments of `SeedRequested`. */
export type RequestSeedEvent = { epoch: number; requestId: bigint }

/**
 * Asks the oracle once more for a seed that did not come (`AuditManager.requestSeed`). Anyone may.
 *
 * @example
 * await requestSeed.sync(client, { epoch })
 */
export const requestSeed: WriteAction<RequestSeedParameters, RequestSeedEvent> =
  writeAction({
    contract: 'auditManager',
    abi: auditManagerAbi,
    functionName: 'requestSeed',
    args: ({ epoch }) => [epoch],
    eventName: 'SeedRequested',
  })
