import type { Hex } from 'viem'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import type { Order } from '../types/order.js'
import type { LockJobEvent } from './lockJob.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type LockWithPermitParameters = {
  order: Order
  signature: Hex
  /** Empty for an order that names no providers. */
  allowed: Hex[]
  /** ERC-2612, of the requester to the Ledger. */
  permit: { value: bigint; deadline: bigint; v: number; r: Hex; s: Hex }
}

/** Arguments of `JobLocked`. */
export type LockWithPermitEvent = LockJobEvent

/**
 * As `lockAllowed`, and first takes what the requester's committed balance lacks of `maxTotal` from its wallet, by a permit to the Ledger (`JobMarket.lockWithPermit`).
 *
 * @example
 * await lockWithPermit.sync(hot, { order, signature, allowed: [], permit })
 */
export const lockWithPermit: WriteAction<
  LockWithPermitParameters,
  LockWithPermitEvent
> = writeAction({
  contract: 'jobMarket',
  abi: jobMarketAbi,
  functionName: 'lockWithPermit',
  args: ({ order, signature, allowed, permit }) => [
    order,
    signature,
    allowed,
    permit,
  ],
  eventName: 'JobLocked',
})
