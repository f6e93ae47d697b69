import { stakeVoterAbi } from '../abis/stakeVoterAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type FlushPoolParameters = {
  proposalId: bigint
  providerId: number
  nonce: number
}

/** Arguments of `PoolFlushed`. */
export type FlushPoolEvent = {
  proposalId: bigint
  providerId: number
  nonce: number
  support: number
  weight: bigint
}

/**
 * In the last hours of a vote, casts by the provider's stance what a pool's members have not; open to all (`StakeVoter.flush`).
 *
 * @example
 * await flushPool(client, { proposalId, providerId: 1, nonce: 1 })
 */
export const flushPool: WriteAction<FlushPoolParameters, FlushPoolEvent> =
  writeAction({
    contract: 'stakeVoter',
    abi: stakeVoterAbi,
    functionName: 'flush',
    args: ({ proposalId, providerId, nonce }) => [
      proposalId,
      providerId,
      nonce,
    ],
    eventName: 'PoolFlushed',
  })
