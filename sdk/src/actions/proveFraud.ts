import type { Address, Hex } from 'viem'
import { disputesAbi } from '../abis/disputesAbi.js'
import type { FraudProof } from '../types/fraudProof.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type ProveFraudParameters = {
  order: Order
  proof: FraudProof
  /** The one that `proofCommitment` hashed. */
  salt: Hex
}

/** Arguments of `FraudProved`. */
export type ProveFraudEvent = {
  execId: Hex
  prover: Address
  step: number
  node: number
  output: number
  element: number
  claimed: bigint
  low: bigint
  high: bigint
}

/**
 * Reveals a fraud proof, a block or more after its commit. A valid one convicts (`Disputes.proveFraud`, RULES A6). A later one gets its gas and emits `LateProof` instead of `FraudProved`.
 *
 * @example
 * await proveFraud(client, { order, proof, salt })
 */
export const proveFraud: WriteAction<ProveFraudParameters, ProveFraudEvent> =
  writeAction({
    contract: 'disputes',
    abi: disputesAbi,
    functionName: 'proveFraud',
    args: ({ order, proof, salt }) => [order, proof, salt],
    eventName: 'FraudProved',
  })
