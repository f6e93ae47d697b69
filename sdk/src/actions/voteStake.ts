import type { Address } from 'viem'
import { stakeVoterAbi } from '../abis/stakeVoterAbi.js'
import { type Support, supports } from '../governance/proposal.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type VoteStakeParameters = {
  proposalId: bigint
  providerId: number
  /** Of the pool; 0 for the owner's own stake. */
  nonce: number
  support: Support
}

/** Arguments of `StakeVoted`. */
export type VoteStakeEvent = {
  proposalId: bigint
  providerId: number
  member: Address
  nonce: number
  support: number
  weight: bigint
}

/**
 * Votes with the account's share of a pool, as it was at the proposal's snapshot (`StakeVoter.vote`, RULES F1).
 *
 * @example
 * await voteStake(client, { proposalId, providerId: 1, nonce: 1, support: 'against' })
 */
export const voteStake: WriteAction<VoteStakeParameters, VoteStakeEvent> =
  writeAction({
    contract: 'stakeVoter',
    abi: stakeVoterAbi,
    functionName: 'vote',
    args: ({ proposalId, providerId, nonce, support }) => [
      proposalId,
      providerId,
      nonce,
      supports.indexOf(support),
    ],
    eventName: 'StakeVoted',
  })
