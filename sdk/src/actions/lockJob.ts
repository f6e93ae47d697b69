import type { Address, Hex } from 'viem'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type LockJobParameters = {
  order: Order
  /** Of the requester; `0x` for posted orders and re-opened jobs. */
  signature: Hex
}

/** Arguments of `JobLocked`. */
export type LockJobEvent = {
  jobId: Hex
  providerId: number
  requester: Address
  price: bigint
  attempt: number
  deliverBy: number
}

/**
 * Takes a job at the price of this moment. The client's account is a provider's hot key (`JobMarket.lock`).
 *
 * @example
 * const { event } = await lockJob.sync(client, { order, signature })
 */
export const lockJob: WriteAction<LockJobParameters, LockJobEvent> =
  writeAction({
    contract: 'jobMarket',
    abi: jobMarketAbi,
    functionName: 'lock',
    args: ({ order, signature }) => [order, signature],
    eventName: 'JobLocked',
  })
