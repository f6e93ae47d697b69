import { keccak256, stringToHex } from 'viem'
import { lynodeGovernorAbi } from '../abis/lynodeGovernorAbi.js'
import { type ProposalContent, proposalArgs } from '../governance/proposal.js'
import { type WriteAction, writeAction } from './writeAction.js'

/** Arguments of `ProposalQueued`. */
export type QueueProposalEvent = { proposalId: bigint; etaSeconds: bigint }

/**
 * Hands a passed proposal to the timelock; open to all (OpenZeppelin's `Governor.queue`).
 *
 * @example
 * await queueProposal(client, await getProposal(client, { proposalId }))
 */
export const queueProposal: WriteAction<ProposalContent, QueueProposalEvent> =
  writeAction({
    contract: 'governor',
    abi: lynodeGovernorAbi,
    functionName: 'queue',
    args: (content) => [
      ...proposalArgs(content),
      keccak256(stringToHex(content.description)),
    ],
    eventName: 'ProposalQueued',
  })
