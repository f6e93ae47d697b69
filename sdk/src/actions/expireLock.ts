import type { Hex } from 'viem'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type ExpireLockParameters = { order: Order }

/** Arguments of `JobReopened`. */
export type ExpireLockEvent = {
  jobId: Hex
  providerId: number
  attempt: number
  slashed: bigint
}

/**
 * Expires a lock whose delivery window passed without a delivery: liveness slash, then re-opening, or a refund after the last attempt, in which case there is no `JobReopened` event (`JobMarket.expireLock`, RULES A2).
 *
 * @example
 * await expireLock(client, { order })
 */
export const expireLock: WriteAction<ExpireLockParameters, ExpireLockEvent> =
  writeAction({
    contract: 'jobMarket',
    abi: jobMarketAbi,
    functionName: 'expireLock',
    args: ({ order }) => [order],
    eventName: 'JobReopened',
  })
