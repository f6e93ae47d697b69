import type { Address, Hex } from 'viem'
import { accumulationsAbi } from '../abis/accumulationsAbi.js'
import type { Place } from '../types/fraudProof.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type OpenAccumulationParameters = { order: Order; place: Place }

/** Arguments of `AccumulationOpened`. */
export type OpenAccumulationEvent = {
  execId: Hex
  accumulationId: Hex
  opener: Address
  place: Place
  liveUntil: number
}

/**
 * Begins to judge an element whose proof no transaction can carry; the bond comes out of the caller's free LYN (`Accumulations.open`, RULES A9).
 *
 * @example
 * const { hint, parts, verdict } = await buildAccumulation(parameters)
 * await openAccumulation.sync(client, { order, place: { ...place, hint } })
 */
export const openAccumulation: WriteAction<
  OpenAccumulationParameters,
  OpenAccumulationEvent
> = writeAction({
  contract: 'accumulations',
  abi: accumulationsAbi,
  functionName: 'open',
  args: ({ order, place }) => [order, place],
  eventName: 'AccumulationOpened',
})
