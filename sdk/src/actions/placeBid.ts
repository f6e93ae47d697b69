import type { Hex } from 'viem'
import { sealedAuctionsAbi } from '../abis/sealedAuctionsAbi.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type PlaceBidParameters = {
  order: Order
  /** By `bidCommitment`. */
  commitment: Hex
  /** Of the provider's id in `allowedRoot`; empty for an order that names no providers. */
  allowed: Hex[]
}

/** Arguments of `BidCommitted`. */
export type PlaceBidEvent = { jobId: Hex; providerId: number; commitment: Hex }

/**
 * Bids in a sealed auction: reserves the whole collateral, and takes the bond from the hot key's free LYN (`SealedAuctions.bid`).
 *
 * @example
 * const commitment = bidCommitment({ chainId, jobId, providerId, price: 5n, salt })
 * await placeBid.sync(hot, { order, commitment, allowed: [] })
 */
export const placeBid: WriteAction<PlaceBidParameters, PlaceBidEvent> =
  writeAction({
    contract: 'sealedAuctions',
    abi: sealedAuctionsAbi,
    functionName: 'bid',
    args: ({ order, commitment, allowed }) => [order, commitment, allowed],
    eventName: 'BidCommitted',
  })
