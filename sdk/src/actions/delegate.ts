import type { Address } from 'viem'
import { delegationPoolsAbi } from '../abis/delegationPoolsAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type DelegateParameters = {
  providerId: number
  /** The running pool's: who names it agrees to its floor. */
  nonce: number
  amount: bigint
}

/** Arguments of `Delegated`. */
export type DelegateEvent = {
  providerId: number
  nonce: number
  member: Address
  amount: bigint
  shares: bigint
}

/**
 * Lends LYN of the client's account to a provider; the stake manager needs an allowance (`StakeManager.delegate`).
 *
 * @example
 * await delegate(client, { providerId, nonce, amount: parseEther('100') })
 */
export const delegate: WriteAction<DelegateParameters, DelegateEvent> =
  writeAction({
    contract: 'stakeManager',
    abi: delegationPoolsAbi,
    functionName: 'delegate',
    args: ({ providerId, nonce, amount }) => [providerId, nonce, amount],
    eventName: 'Delegated',
  })
