import { delegationPoolsAbi } from '../abis/delegationPoolsAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type SetCommissionParameters = {
  providerId: number
  commissionBps: number
}

/** Arguments of `CommissionSet`. */
export type SetCommissionEvent = {
  providerId: number
  commissionBps: number
  /** When it takes effect. */
  at: number
}

/**
 * Changes the commission after the thaw period (`StakeManager.setCommission`). Only the owner.
 *
 * @example
 * await setCommission(owner, { providerId, commissionBps: 500 })
 */
export const setCommission: WriteAction<
  SetCommissionParameters,
  SetCommissionEvent
> = writeAction({
  contract: 'stakeManager',
  abi: delegationPoolsAbi,
  functionName: 'setCommission',
  args: ({ providerId, commissionBps }) => [providerId, commissionBps],
  eventName: 'CommissionSet',
})
