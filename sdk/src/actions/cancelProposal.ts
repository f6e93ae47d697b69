import { keccak256, stringToHex } from 'viem'
import { lynodeGovernorAbi } from '../abis/lynodeGovernorAbi.js'
import { type ProposalContent, proposalArgs } from '../governance/proposal.js'
import { type WriteAction, writeAction } from './writeAction.js'

/** Arguments of `ProposalCanceled`. */
export type CancelProposalEvent = { proposalId: bigint }

/**
 * Cancels a proposal: its proposer before the vote, the guardian in its term (OpenZeppelin's `Governor.cancel`).
 *
 * @example
 * await cancelProposal(client, await getProposal(client, { proposalId }))
 */
export const cancelProposal: WriteAction<ProposalContent, CancelProposalEvent> =
  writeAction({
    contract: 'governor',
    abi: lynodeGovernorAbi,
    functionName: 'cancel',
    args: (content) => [
      ...proposalArgs(content),
      keccak256(stringToHex(content.description)),
    ],
    eventName: 'ProposalCanceled',
  })
