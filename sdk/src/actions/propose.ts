import type { Address } from 'viem'
import { lynodeGovernorAbi } from '../abis/lynodeGovernorAbi.js'
import { type ProposalContent, proposalArgs } from '../governance/proposal.js'
import { type WriteAction, writeAction } from './writeAction.js'

/** Arguments of `ProposalCreated`, as far as they are news. */
export type ProposeEvent = {
  proposalId: bigint
  proposer: Address
  voteStart: bigint
  voteEnd: bigint
}

/**
 * Proposes calls by the timelock (OpenZeppelin's `Governor.propose`); the account needs the threshold's votes.
 *
 * @example
 * await propose(client, { actions, description })
 */
export const propose: WriteAction<ProposalContent, ProposeEvent> = writeAction({
  contract: 'governor',
  abi: lynodeGovernorAbi,
  functionName: 'propose',
  args: (content) => [...proposalArgs(content), content.description],
  eventName: 'ProposalCreated',
})
