import type { Address } from 'viem'
import { delegationPoolsAbi } from '../abis/delegationPoolsAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type WithdrawDelegationParameters = {
  thawId: bigint
  to: Address
}

/** Arguments of `DelegationWithdrawn`. */
export type WithdrawDelegationEvent = {
  thawId: bigint
  member: Address
  to: Address
  amount: bigint
}

/**
 * Pays thawed shares that running jobs do not need (`StakeManager.withdrawDelegation`).
 *
 * @example
 * await withdrawDelegation(client, { thawId, to })
 */
export const withdrawDelegation: WriteAction<
  WithdrawDelegationParameters,
  WithdrawDelegationEvent
> = writeAction({
  contract: 'stakeManager',
  abi: delegationPoolsAbi,
  functionName: 'withdrawDelegation',
  args: ({ thawId, to }) => [thawId, to],
  eventName: 'DelegationWithdrawn',
})
