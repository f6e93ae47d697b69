import type { Hex } from 'viem'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import type { Order } from '../types/order.js'
import type { LockJobEvent } from './lockJob.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type LockWinnerParameters = {
  order: Order
  /** Of the requester; `0x` for a posted order, or if the client's account is the requester. */
  signature: Hex
  /** Of the winner's id in `allowedRoot`; empty for an order that names no providers. */
  allowed?: Hex[] | undefined
}

/**
 * Locks the winner of a sealed auction, from the end of the reveals on. Anyone may (`JobMarket.lockFrom` of SealedAuctions).
 *
 * @example
 * await lockWinner.sync(client, { order, signature })
 */
export const lockWinner: WriteAction<LockWinnerParameters, LockJobEvent> =
  writeAction({
    contract: 'jobMarket',
    abi: jobMarketAbi,
    functionName: 'lockFrom',
    args: ({ order, signature, allowed = [] }, contracts) => [
      contracts.sealedAuctions,
      order,
      signature,
      allowed,
      '0x',
    ],
    eventName: 'JobLocked',
  })
