import type { Address, Hex } from 'viem'
import { accumulationsAbi } from '../abis/accumulationsAbi.js'
import type { FraudProof, Place } from '../types/fraudProof.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type JudgeAccumulationParameters = {
  order: Order
  place: Place
  /** Who opened the accumulation, and gets the bounty. */
  opener: Address
  /** As the last `Absorbed` event shows it. */
  state: Hex
  /** The `verdict` of `buildAccumulation`. */
  proof: FraudProof
}

/** Arguments of `Judged`. */
export type JudgeAccumulationEvent = {
  execId: Hex
  accumulationId: Hex
  sender: Address
  claimed: bigint
  low: bigint
  high: bigint
  fraud: boolean
}

/**
 * Judges an element once all its terms are absorbed: a wrong one convicts, a right one closes the accumulation and forfeits its bond (`Accumulations.judge`, RULES A9).
 *
 * @example
 * await judgeAccumulation.sync(client, { order, place, opener, state: '0x', proof: verdict })
 */
export const judgeAccumulation: WriteAction<
  JudgeAccumulationParameters,
  JudgeAccumulationEvent
> = writeAction({
  contract: 'accumulations',
  abi: accumulationsAbi,
  functionName: 'judge',
  args: ({ order, place, opener, state, proof }) => [
    order,
    place,
    opener,
    state,
    proof,
  ],
  eventName: 'Judged',
})
