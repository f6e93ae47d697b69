import type { Hex } from 'viem'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

/** An output in calldata: `header` as in docs/protocol.md section 2, `data` the committed bytes. */
export type SmallOutput = { header: Hex; data: Hex; carried: boolean }

export type DeliverWithOutputsParameters = {
  jobId: Hex
  outputs: readonly SmallOutput[]
}

/** Arguments of `JobDelivered`. */
export type DeliverWithOutputsEvent = {
  jobId: Hex
  providerId: number
  resultRoot: Hex
  finalAt: number
}

/**
 * Delivers a one-step job with its outputs, up to 8 kB, in calldata; the contract computes the result root from them (`JobMarket.deliverWithOutputs`, RULES A12).
 *
 * @example
 * await deliverWithOutputs(client, { jobId, outputs: smallOutputs })
 */
export const deliverWithOutputs: WriteAction<
  DeliverWithOutputsParameters,
  DeliverWithOutputsEvent
> = writeAction({
  contract: 'jobMarket',
  abi: jobMarketAbi,
  functionName: 'deliverWithOutputs',
  args: ({ jobId, outputs }) => [jobId, outputs],
  eventName: 'JobDelivered',
})
