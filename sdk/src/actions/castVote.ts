import type { Address } from 'viem'
import { lynodeGovernorAbi } from '../abis/lynodeGovernorAbi.js'
import { type Support, supports } from '../governance/proposal.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type CastVoteParameters = {
  proposalId: bigint
  support: Support
  reason?: string | undefined
}

/** Arguments of `VoteCast`. */
export type CastVoteEvent = {
  voter: Address
  proposalId: bigint
  support: number
  weight: bigint
  reason: string
}

/**
 * Votes with what was delegated to the account at the proposal's snapshot (OpenZeppelin's `Governor.castVoteWithReason`).
 *
 * @example
 * await castVote(client, { proposalId, support: 'for' })
 */
export const castVote: WriteAction<CastVoteParameters, CastVoteEvent> =
  writeAction({
    contract: 'governor',
    abi: lynodeGovernorAbi,
    functionName: 'castVoteWithReason',
    args: ({ proposalId, support, reason = '' }) => [
      proposalId,
      supports.indexOf(support),
      reason,
    ],
    eventName: 'VoteCast',
  })
