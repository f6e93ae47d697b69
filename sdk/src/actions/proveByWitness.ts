import type { Hex } from 'viem'
import { disputesAbi } from '../abis/disputesAbi.js'
import type { FraudProof, WitnessClaim } from '../types/fraudProof.js'
import type { Order } from '../types/order.js'
import type { ProveFraudEvent } from './proveFraud.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type ProveByWitnessParameters = {
  order: Order
  claim: WitnessClaim
  /** Opens the row at these positions, and the element. */
  proof: FraudProof
  /** The one that `proofCommitment` hashed. */
  salt: Hex
}

/**
 * Reveals a proof that an element is not what the provider's own witness makes it, a block or more after its commit (`Disputes.proveByWitness`, RULES A8).
 *
 * @example
 * await proveByWitness(client, { order, claim, proof, salt })
 */
export const proveByWitness: WriteAction<
  ProveByWitnessParameters,
  ProveFraudEvent
> = writeAction({
  contract: 'disputes',
  abi: disputesAbi,
  functionName: 'proveByWitness',
  args: ({ order, claim, proof, salt }) => [order, claim, proof, salt],
  eventName: 'FraudProved',
})
