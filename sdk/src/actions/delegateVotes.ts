import type { Address } from 'viem'
import { lynTokenAbi } from '../abis/lynTokenAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type DelegateVotesParameters = { to: Address }

/** Arguments of `DelegateChanged`. */
export type DelegateVotesEvent = {
  delegator: Address
  fromDelegate: Address
  toDelegate: Address
}

/**
 * Gives the votes of the account's LYN to somebody, or to itself; without it they count nowhere (`LynToken.delegate`).
 *
 * @example
 * await delegateVotes(client, { to: client.account.address })
 */
export const delegateVotes: WriteAction<
  DelegateVotesParameters,
  DelegateVotesEvent
> = writeAction({
  contract: 'lynToken',
  abi: lynTokenAbi,
  functionName: 'delegate',
  args: ({ to }) => [to],
  eventName: 'DelegateChanged',
})
