import type { Address, Hex } from 'viem'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type RefundJobParameters = { order: Order }

/** Arguments of `JobRefunded`. */
export type RefundJobEvent = { jobId: Hex; requester: Address; amount: bigint }

/**
 * Returns the escrow of a re-opened job that found no provider in time to its requester (`JobMarket.refund`).
 *
 * @example
 * await refundJob(client, { order })
 */
export const refundJob: WriteAction<RefundJobParameters, RefundJobEvent> =
  writeAction({
    contract: 'jobMarket',
    abi: jobMarketAbi,
    functionName: 'refund',
    args: ({ order }) => [order],
    eventName: 'JobRefunded',
  })
