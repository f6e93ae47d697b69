import type { Address } from 'viem'
import { stakeManagerAbi } from '../abis/stakeManagerAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type WithdrawStakeParameters = {
  providerId: number
  amount: bigint
  to: Address
}

/** Arguments of `Unstaked`. */
export type WithdrawStakeEvent = {
  providerId: number
  to: Address
  amount: bigint
}

/**
 * Pays thawed stake that is not reserved (`StakeManager.withdraw`).
 *
 * @example
 * await withdrawStake(owner, { providerId, amount, to })
 */
export const withdrawStake: WriteAction<
  WithdrawStakeParameters,
  WithdrawStakeEvent
> = writeAction({
  contract: 'stakeManager',
  abi: stakeManagerAbi,
  functionName: 'withdraw',
  args: ({ providerId, amount, to }) => [providerId, amount, to],
  eventName: 'Unstaked',
})
