import type { Hex } from 'viem'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type DeliverResultParameters = { jobId: Hex; resultRoot: Hex }

/** Arguments of `JobDelivered`. */
export type DeliverResultEvent = {
  jobId: Hex
  providerId: number
  resultRoot: Hex
  finalAt: number
}

/**
 * Commits the provider to a result (`JobMarket.deliver`).
 *
 * @example
 * await deliverResult(client, { jobId, resultRoot })
 */
export const deliverResult: WriteAction<
  DeliverResultParameters,
  DeliverResultEvent
> = writeAction({
  contract: 'jobMarket',
  abi: jobMarketAbi,
  functionName: 'deliver',
  args: ({ jobId, resultRoot }) => [jobId, resultRoot],
  eventName: 'JobDelivered',
})
