import { delegationPoolsAbi } from '../abis/delegationPoolsAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type OpenPoolParameters = {
  providerId: number
  /** Of what is delegated before the first slash, what no slash takes. */
  floorBps: number
  /** What the owner keeps of what delegators earn. */
  commissionBps: number
}

/** Arguments of `PoolOpened`. */
export type OpenPoolEvent = {
  providerId: number
  nonce: number
  floorBps: number
  commissionBps: number
}

/**
 * Opens a delegation pool, the first or the next after a spent one (`StakeManager.openPool`). Only the owner.
 *
 * @example
 * await openPool(owner, { providerId, floorBps: 5_000, commissionBps: 1_000 })
 */
export const openPool: WriteAction<OpenPoolParameters, OpenPoolEvent> =
  writeAction({
    contract: 'stakeManager',
    abi: delegationPoolsAbi,
    functionName: 'openPool',
    args: ({ providerId, floorBps, commissionBps }) => [
      providerId,
      floorBps,
      commissionBps,
    ],
    eventName: 'PoolOpened',
  })
