import type { Address } from 'viem'
import { delegationPoolsAbi } from '../abis/delegationPoolsAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type ClaimRewardsParameters = {
  providerId: number
  nonce: number
  to: Address
}

/** Arguments of `Claimed`. */
export type ClaimRewardsEvent = {
  providerId: number
  nonce: number
  member: Address
  to: Address
  amount: bigint
}

/**
 * Pays a delegator's rewards (`StakeManager.claim`).
 *
 * @example
 * await claimRewards(client, { providerId, nonce, to })
 */
export const claimRewards: WriteAction<
  ClaimRewardsParameters,
  ClaimRewardsEvent
> = writeAction({
  contract: 'stakeManager',
  abi: delegationPoolsAbi,
  functionName: 'claim',
  args: ({ providerId, nonce, to }) => [providerId, nonce, to],
  eventName: 'Claimed',
})
