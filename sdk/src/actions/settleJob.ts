import type { Hex } from 'viem'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type SettleJobParameters = { order: Order }

/** Arguments of `JobSettled`. */
export type SettleJobEvent = {
  jobId: Hex
  providerId: number
  paid: bigint
  fee: bigint
  royalty: bigint
}

/**
 * Pays a final job; the order's tip goes to the caller (`JobMarket.settle`).
 *
 * @example
 * await settleJob(client, { order })
 */
export const settleJob: WriteAction<SettleJobParameters, SettleJobEvent> =
  writeAction({
    contract: 'jobMarket',
    abi: jobMarketAbi,
    functionName: 'settle',
    args: ({ order }) => [order],
    eventName: 'JobSettled',
  })
