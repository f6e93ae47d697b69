import type { Address, Hex } from 'viem'
import { sealedAuctionsAbi } from '../abis/sealedAuctionsAbi.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type OpenAuctionParameters = {
  order: Order
  /** First moment without bids, in unix seconds. */
  commitEnd: number
  /** First moment without reveals, at or before the order's `rampStart`. */
  revealEnd: number
}

/** Arguments of `AuctionOpened`. */
export type OpenAuctionEvent = {
  jobId: Hex
  requester: Address
  commitEnd: number
  revealEnd: number
  bond: bigint
  order: Order
}

/**
 * Opens a sealed auction of the client's own order; the bond comes from its free LYN (`SealedAuctions.open`).
 *
 * @example
 * await openAuction.sync(client, { order, commitEnd, revealEnd })
 */
export const openAuction: WriteAction<OpenAuctionParameters, OpenAuctionEvent> =
  writeAction({
    contract: 'sealedAuctions',
    abi: sealedAuctionsAbi,
    functionName: 'open',
    args: ({ order, commitEnd, revealEnd }) => [order, commitEnd, revealEnd],
    eventName: 'AuctionOpened',
  })
