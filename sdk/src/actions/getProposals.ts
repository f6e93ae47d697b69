import { getContractEvents } from 'viem/actions'
import { lynodeGovernorAbi } from '../abis/lynodeGovernorAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { LynodeError } from '../errors/lynodeError.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import {
  type Proposal,
  type ProposalContent,
  proposalStates,
} from '../governance/proposal.js'
import { readAction } from './readAction.js'

/** What the event of a proposal says. */
type Created = ProposalContent & Pick<Proposal, 'proposalId' | 'proposer'>

/**
 * Finds all proposals, oldest first, and how they stand.
 *
 * @example
 * for (const { proposalId, state } of await getProposals(client)) console.log(proposalId, state)
 */
export async function getProposals(client: LynodeReader): Promise<Proposal[]> {
  return Promise.all(
    (await created(client)).map((proposal) => standing(client, proposal)),
  )
}

export type GetProposalParameters = { proposalId: bigint }

/**
 * Finds a proposal by its id.
 *
 * @throws LynodeError `LY-GOV-004` when there is none.
 * @example
 * const { state, votes } = await getProposal(client, { proposalId })
 */
export async function getProposal(
  client: LynodeReader,
  { proposalId }: GetProposalParameters,
): Promise<Proposal> {
  const found = (await created(client)).find(
    (proposal) => proposal.proposalId === proposalId,
  )
  if (found === undefined)
    throw new LynodeError('LY-GOV-004', { details: `proposal ${proposalId}` })
  return standing(client, found)
}

/** The Governor indexes nothing, so that one proposal costs as much as all. */
async function created(client: LynodeReader): Promise<Created[]> {
  const { contracts, deployBlock } = client.addressBook
  const logs = await getContractEvents(client, {
    address: contracts.governor,
    abi: lynodeGovernorAbi,
    eventName: 'ProposalCreated',
    fromBlock: deployBlock,
    strict: true,
  }).catch((error: unknown) => {
    throw toLynodeError(error)
  })
  return logs.map(({ args }) => ({
    proposalId: args.proposalId,
    proposer: args.proposer,
    description: args.description,
    actions: args.targets.map((target, index) => ({
      target,
      value: args.values[index] ?? 0n,
      data: args.calldatas[index] ?? '0x',
    })),
  }))
}

async function standing(
  client: LynodeReader,
  proposal: Created,
): Promise<Proposal> {
  const read = <
    name extends
      | 'state'
      | 'proposalSnapshot'
      | 'proposalDeadline'
      | 'proposalEta'
      | 'proposalVotes',
  >(
    functionName: name,
  ) =>
    readAction(client, {
      contract: 'governor',
      abi: lynodeGovernorAbi,
      functionName,
      args: [proposal.proposalId],
    } as never)
  const [state, snapshot, deadline, eta, votes] = (await Promise.all([
    read('state'),
    read('proposalSnapshot'),
    read('proposalDeadline'),
    read('proposalEta'),
    read('proposalVotes'),
  ])) as [number, bigint, bigint, bigint, readonly [bigint, bigint, bigint]]
  return {
    ...proposal,
    state: proposalStates[state] ?? 'pending',
    snapshot,
    deadline,
    eta,
    votes: { against: votes[0], for: votes[1], abstain: votes[2] },
    quorum:
      proposalStates[state] === 'pending'
        ? 0n
        : await readAction(client, {
            contract: 'governor',
            abi: lynodeGovernorAbi,
            functionName: 'quorum',
            args: [snapshot],
          }),
  }
}
