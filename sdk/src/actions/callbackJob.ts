import type { Address, Hex } from 'viem'
import { callbacksAbi } from '../abis/callbacksAbi.js'
import type { Order } from '../types/order.js'
import type { SmallOutput } from './deliverWithOutputs.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type CallbackJobParameters = {
  order: Order
  /** Of the last step, not carried, in graph order; 8 kB together at most. */
  outputs: SmallOutput[]
  /** Tree over the carried outputs of the last step: the SHA-256 of nothing for a model that carries nothing. */
  carriedRoot: Hex
  /** Of the last segment in `resultRoot`; empty for a job of one step. */
  path: Hex[]
}

/** Arguments of `CalledBack`. */
export type CallbackJobEvent = {
  jobId: Hex
  consumer: Address
  caller: Address
  /** Whether the consumer returned. */
  ok: boolean
}

/**
 * Brings the outputs of a settled job to its consumer and earns the callback fee (`Callbacks.callback`).
 *
 * @example
 * await callbackJob.sync(client, { order, outputs: smallOutputs, carriedRoot, path: [] })
 */
export const callbackJob: WriteAction<CallbackJobParameters, CallbackJobEvent> =
  writeAction({
    contract: 'callbacks',
    abi: callbacksAbi,
    functionName: 'callback',
    args: ({ order, outputs, carriedRoot, path }) => [
      order,
      outputs,
      { carriedRoot, path },
    ],
    eventName: 'CalledBack',
  })
