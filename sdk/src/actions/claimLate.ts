import type { Address, Hex } from 'viem'
import { disputesAbi } from '../abis/disputesAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type ClaimLateParameters = { execId: Hex; commitId: Hex }

/** Arguments of `LateClaimed`. */
export type ClaimLateEvent = {
  execId: Hex
  commitId: Hex
  prover: Address
  paid: bigint
}

/**
 * Pays a proof that came after the conviction its gas, or its share of the reserve, once nobody can reveal any more (`Disputes.claimLate`, RULES A6).
 *
 * @example
 * await claimLate(client, { execId, commitId })
 */
export const claimLate: WriteAction<ClaimLateParameters, ClaimLateEvent> =
  writeAction({
    contract: 'disputes',
    abi: disputesAbi,
    functionName: 'claimLate',
    args: ({ execId, commitId }) => [execId, commitId],
    eventName: 'LateClaimed',
  })
