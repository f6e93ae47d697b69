import type { Hex } from 'viem'
import { sealedAuctionsAbi } from '../abis/sealedAuctionsAbi.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type CloseBidParameters = { order: Order; providerId: number }

/** Arguments of `BidClosed`. */
export type CloseBidEvent = {
  jobId: Hex
  providerId: number
  returned: bigint
  burnt: bigint
}

/**
 * Frees the collateral of a bid that has lost and returns its bond, or burns it if it was not revealed. Anyone may (`SealedAuctions.closeBid`).
 *
 * @example
 * await closeBid.sync(client, { order, providerId })
 */
export const closeBid: WriteAction<CloseBidParameters, CloseBidEvent> =
  writeAction({
    contract: 'sealedAuctions',
    abi: sealedAuctionsAbi,
    functionName: 'closeBid',
    args: ({ order, providerId }) => [order, providerId],
    eventName: 'BidClosed',
  })
