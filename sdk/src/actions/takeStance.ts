import { stakeVoterAbi } from '../abis/stakeVoterAbi.js'
import { type Support, supports } from '../governance/proposal.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type TakeStanceParameters = {
  proposalId: bigint
  providerId: number
  support: Support
}

/** Arguments of `StanceTaken`. */
export type TakeStanceEvent = {
  proposalId: bigint
  providerId: number
  support: number
}

/**
 * As owner of a provider, says how the votes of delegators that stay silent are cast (`StakeVoter.takeStance`).
 *
 * @example
 * await takeStance(client, { proposalId, providerId: 1, support: 'for' })
 */
export const takeStance: WriteAction<TakeStanceParameters, TakeStanceEvent> =
  writeAction({
    contract: 'stakeVoter',
    abi: stakeVoterAbi,
    functionName: 'takeStance',
    args: ({ proposalId, providerId, support }) => [
      proposalId,
      providerId,
      supports.indexOf(support),
    ],
    eventName: 'StanceTaken',
  })
