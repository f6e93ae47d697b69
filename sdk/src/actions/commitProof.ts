import type { Address, Hex } from 'viem'
import { disputesAbi } from '../abis/disputesAbi.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type CommitProofParameters = {
  order: Order
  /** By `proofCommitment`. */
  hash: Hex
}

/** Arguments of `ProofCommitted`. */
export type CommitProofEvent = {
  execId: Hex
  commitId: Hex
  prover: Address
  revealBy: number
}

/**
 * Commits to a fraud proof, so that nobody can copy it when it is revealed (`Disputes.commitProof`, RULES A6).
 *
 * @example
 * await commitProof(client, { order, hash })
 */
export const commitProof: WriteAction<CommitProofParameters, CommitProofEvent> =
  writeAction({
    contract: 'disputes',
    abi: disputesAbi,
    functionName: 'commitProof',
    args: ({ order, hash }) => [order, hash],
    eventName: 'ProofCommitted',
  })
