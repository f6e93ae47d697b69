import type { Hex } from 'viem'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import type { Order } from '../types/order.js'
import type { LockJobEvent } from './lockJob.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type LockAllowedParameters = {
  order: Order
  /** Of the requester; `0x` for posted orders and re-opened jobs. */
  signature: Hex
  /** Of the provider's id in `allowedRoot`, by `providerSet`. */
  allowed: Hex[]
}

/** Arguments of `JobLocked`. */
export type LockAllowedEvent = LockJobEvent

/**
 * Takes a job that names its providers, at the price of this moment (`JobMarket.lockAllowed`).
 *
 * @example
 * const allowed = providerSet([3, 7]).proofOf(7)
 * await lockAllowed.sync(hot, { order, signature, allowed })
 */
export const lockAllowed: WriteAction<LockAllowedParameters, LockAllowedEvent> =
  writeAction({
    contract: 'jobMarket',
    abi: jobMarketAbi,
    functionName: 'lockAllowed',
    args: ({ order, signature, allowed }) => [order, signature, allowed],
    eventName: 'JobLocked',
  })
