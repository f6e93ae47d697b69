import type { Hex } from 'viem'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type DeclineJobParameters = { order: Order }

/** Arguments of `LockDeclined`. */
export type DeclineJobEvent = { jobId: Hex; providerId: number }

/**
 * Gives back a lock that came from an offer without an input, within the market's accept delay, without a slash (`JobMarket.decline`). The client's account is the provider's hot key.
 *
 * @example
 * await declineJob.sync(client, { order })
 */
export const declineJob: WriteAction<DeclineJobParameters, DeclineJobEvent> =
  writeAction({
    contract: 'jobMarket',
    abi: jobMarketAbi,
    functionName: 'decline',
    args: ({ order }) => [order],
    eventName: 'LockDeclined',
  })
