import type { Hex } from 'viem'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type SettleJobsParameters = { orders: readonly Order[] }

/** Arguments of `JobSettled`. */
export type SettleJobsEvent = {
  jobId: Hex
  providerId: number
  paid: bigint
  fee: bigint
  royalty: bigint
}

/**
 * Pays several final jobs in one transaction; the event returned is the first one's (`JobMarket.settleMany`).
 *
 * @example
 * await settleJobs(client, { orders })
 */
export const settleJobs: WriteAction<SettleJobsParameters, SettleJobsEvent> =
  writeAction({
    contract: 'jobMarket',
    abi: jobMarketAbi,
    functionName: 'settleMany',
    args: ({ orders }) => [orders],
    eventName: 'JobSettled',
  })
