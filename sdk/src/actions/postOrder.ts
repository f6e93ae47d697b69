import type { Address, Hex } from 'viem'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type PostOrderParameters = { order: Order }

/** Arguments of `OrderPosted`. */
export type PostOrderEvent = {
  jobId: Hex
  requester: Address
  order: Order
  signature: Hex
}

/**
 * Posts an order of the caller without a signature, as contracts do (`JobMarket.post`, RULES D8).
 *
 * @example
 * await postOrder.sync(client, { order })
 */
export const postOrder: WriteAction<PostOrderParameters, PostOrderEvent> =
  writeAction({
    contract: 'jobMarket',
    abi: jobMarketAbi,
    functionName: 'post',
    args: ({ order }) => [order],
    eventName: 'OrderPosted',
  })
