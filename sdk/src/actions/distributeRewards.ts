import type { Address } from 'viem'
import { delegationPoolsAbi } from '../abis/delegationPoolsAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type DistributeRewardsParameters = {
  providerId: number
  amount: bigint
}

/** Arguments of `Distributed`. */
export type DistributeRewardsEvent = {
  providerId: number
  nonce: number
  from: Address
  toOwner: bigint
  toMembers: bigint
}

/**
 * Shares LYN of the client's account among a provider's owner and delegators (`StakeManager.distribute`).
 *
 * @example
 * await distributeRewards(client, { providerId, amount })
 */
export const distributeRewards: WriteAction<
  DistributeRewardsParameters,
  DistributeRewardsEvent
> = writeAction({
  contract: 'stakeManager',
  abi: delegationPoolsAbi,
  functionName: 'distribute',
  args: ({ providerId, amount }) => [providerId, amount],
  eventName: 'Distributed',
})
