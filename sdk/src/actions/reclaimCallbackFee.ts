import type { Address, Hex } from 'viem'
import { callbacksAbi } from '../abis/callbacksAbi.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type ReclaimCallbackFeeParameters = { order: Order }

/** Arguments of `FeeReclaimed`. */
export type ReclaimCallbackFeeEvent = {
  jobId: Hex
  requester: Address
  fee: bigint
}

/**
 * Returns the fee of a callback that nobody made within a month of finality. Anyone may (`Callbacks.reclaim`).
 *
 * @example
 * await reclaimCallbackFee.sync(client, { order })
 */
export const reclaimCallbackFee: WriteAction<
  ReclaimCallbackFeeParameters,
  ReclaimCallbackFeeEvent
> = writeAction({
  contract: 'callbacks',
  abi: callbacksAbi,
  functionName: 'reclaim',
  args: ({ order }) => [order],
  eventName: 'FeeReclaimed',
})
