import type { Address } from 'viem'
import { delegationPoolsAbi } from '../abis/delegationPoolsAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type UndelegateParameters = {
  providerId: number
  nonce: number
  shares: bigint
}

/** Arguments of `Undelegated`. */
export type UndelegateEvent = {
  providerId: number
  nonce: number
  member: Address
  thawId: bigint
  shares: bigint
  thawedAt: number
}

/**
 * Starts the thaw of delegated shares, which stay slashable meanwhile (`StakeManager.undelegate`, RULES F2).
 *
 * @example
 * await undelegate(client, { providerId, nonce, shares })
 */
export const undelegate: WriteAction<UndelegateParameters, UndelegateEvent> =
  writeAction({
    contract: 'stakeManager',
    abi: delegationPoolsAbi,
    functionName: 'undelegate',
    args: ({ providerId, nonce, shares }) => [providerId, nonce, shares],
    eventName: 'Undelegated',
  })
