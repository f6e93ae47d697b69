import type { Hex } from 'viem'
import { disputesAbi } from '../abis/disputesAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type ForfeitCommitParameters = { execId: Hex; commitId: Hex }

/** Arguments of `CommitForfeited`. */
export type ForfeitCommitEvent = {
  execId: Hex
  commitId: Hex
  toProvider: bigint
}

/**
 * Sends the bond of an expired commit to the provider, or back to its prover after a conviction (`Disputes.forfeitCommit`).
 *
 * @example
 * await forfeitCommit(client, { execId, commitId })
 */
export const forfeitCommit: WriteAction<
  ForfeitCommitParameters,
  ForfeitCommitEvent
> = writeAction({
  contract: 'disputes',
  abi: disputesAbi,
  functionName: 'forfeitCommit',
  args: ({ execId, commitId }) => [execId, commitId],
  eventName: 'CommitForfeited',
})
