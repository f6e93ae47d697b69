import type { Address } from 'viem'
import { stakeManagerAbi } from '../abis/stakeManagerAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type StakeParameters = { providerId: number; amount: bigint }

/** Arguments of `Staked`. */
export type StakeEvent = { providerId: number; from: Address; amount: bigint }

/**
 * Stakes LYN of the client's account for a provider; the stake manager needs an allowance (`StakeManager.stake`).
 *
 * @example
 * await stake(client, { providerId, amount: parseEther('100000') })
 */
export const stake: WriteAction<StakeParameters, StakeEvent> = writeAction({
  contract: 'stakeManager',
  abi: stakeManagerAbi,
  functionName: 'stake',
  args: ({ providerId, amount }) => [providerId, amount],
  eventName: 'Staked',
})
