import type { Address, Hex } from 'viem'
import { accumulationsAbi } from '../abis/accumulationsAbi.js'
import type { FraudProof, Place } from '../types/fraudProof.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type AbsorbTermsParameters = {
  order: Order
  place: Place
  /** Who opened the accumulation. */
  opener: Address
  /** As the last `Absorbed` event shows it; `0x` at first. */
  state: Hex
  count: number
  /** One of the `parts` of `buildAccumulation`. */
  proof: FraudProof
}

/** Arguments of `Absorbed`. */
export type AbsorbTermsEvent = {
  execId: Hex
  accumulationId: Hex
  sender: Address
  absorbed: number
  terms: number
  liveUntil: number
  state: Hex
}

/**
 * Absorbs the next terms of an accumulation, whoever opened it (`Accumulations.absorb`, RULES A9).
 *
 * @example
 * const { event } = await absorbTerms.sync(client, { order, place, opener, state: '0x', count: 8, proof })
 */
export const absorbTerms: WriteAction<AbsorbTermsParameters, AbsorbTermsEvent> =
  writeAction({
    contract: 'accumulations',
    abi: accumulationsAbi,
    functionName: 'absorb',
    args: ({ order, place, opener, state, count, proof }) => [
      order,
      place,
      opener,
      state,
      count,
      proof,
    ],
    eventName: 'Absorbed',
  })
