import type { Address, Hex } from 'viem'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type AnnounceOrderParameters = {
  order: Order
  /** Of the requester, by `signOrder`. */
  signature: Hex
}

/** Arguments of `OrderPosted`. */
export type AnnounceOrderEvent = {
  jobId: Hex
  requester: Address
  order: Order
  signature: Hex
}

/**
 * Announces a signed order on chain, where providers look for work. An event only: nothing is stored, checked or debited (`JobMarket.announce`).
 *
 * @example
 * await announceOrder.sync(client, { order, signature })
 */
export const announceOrder: WriteAction<
  AnnounceOrderParameters,
  AnnounceOrderEvent
> = writeAction({
  contract: 'jobMarket',
  abi: jobMarketAbi,
  functionName: 'announce',
  args: ({ order, signature }) => [order, signature],
  eventName: 'OrderPosted',
})
