import { keccak256, stringToHex } from 'viem'
import { lynodeGovernorAbi } from '../abis/lynodeGovernorAbi.js'
import { type ProposalContent, proposalArgs } from '../governance/proposal.js'
import { type WriteAction, writeAction } from './writeAction.js'

/** Arguments of `ProposalExecuted`. */
export type ExecuteProposalEvent = { proposalId: bigint }

/**
 * Executes a queued proposal once the timelock allows; open to all (OpenZeppelin's `Governor.execute`).
 *
 * @example
 * await executeProposal(client, await getProposal(client, { proposalId }))
 */
export const executeProposal: WriteAction<
  ProposalContent,
  ExecuteProposalEvent
> = writeAction({
  contract: 'governor',
  abi: lynodeGovernorAbi,
  functionName: 'execute',
  args: (content) => [
    ...proposalArgs(content),
    keccak256(stringToHex(content.description)),
  ],
  eventName: 'ProposalExecuted',
})
