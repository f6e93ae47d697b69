import type { Hex } from 'viem'
import { sealedAuctionsAbi } from '../abis/sealedAuctionsAbi.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type RevealBidParameters = {
  order: Order
  providerId: number
  price: bigint
  salt: Hex
}

/** Arguments of `BidRevealed`. */
export type RevealBidEvent = {
  jobId: Hex
  providerId: number
  price: bigint
  /** Whether it is the best so far. */
  leads: boolean
}

/**
 * Opens a bid; one that is not opened in time loses its bond (`SealedAuctions.reveal`).
 *
 * @example
 * await revealBid.sync(client, { order, providerId, price: 5n, salt })
 */
export const revealBid: WriteAction<RevealBidParameters, RevealBidEvent> =
  writeAction({
    contract: 'sealedAuctions',
    abi: sealedAuctionsAbi,
    functionName: 'reveal',
    args: ({ order, providerId, price, salt }) => [
      order,
      providerId,
      price,
      salt,
    ],
    eventName: 'BidRevealed',
  })
