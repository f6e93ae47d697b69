import type { Hex } from 'viem'
import { sealedAuctionsAbi } from '../abis/sealedAuctionsAbi.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type CloseAuctionParameters = { order: Order }

/** Arguments of `RequesterBondClosed`. */
export type CloseAuctionEvent = { jobId: Hex; returned: bigint; burnt: bigint }

/**
 * After the outcome: returns the requester's bond. Anyone may (`SealedAuctions.closeAuction`).
 *
 * @example
 * await closeAuction.sync(client, { order })
 */
export const closeAuction: WriteAction<
  CloseAuctionParameters,
  CloseAuctionEvent
> = writeAction({
  contract: 'sealedAuctions',
  abi: sealedAuctionsAbi,
  functionName: 'closeAuction',
  args: ({ order }) => [order],
  eventName: 'RequesterBondClosed',
})
