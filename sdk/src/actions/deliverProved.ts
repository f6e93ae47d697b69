import type { Hex } from 'viem'
import { zkDeliveriesAbi } from '../abis/zkDeliveriesAbi.js'
import type { Order } from '../types/order.js'
import type { ZkShape } from '../zk/zkShape.js'
import { type WriteAction, writeAction } from './writeAction.js'

/** One step and its proof. */
export type ProvedStep = {
  /** Committed bytes of each input. */
  inputs: Hex[]
  /** Whole numbers of each output, as the circuit has them. */
  outputs: bigint[][]
  proof: Hex
}

export type DeliverProvedParameters = {
  order: Order
  shape: ZkShape
  steps: ProvedStep[]
}

/** Arguments of `ProvedDelivered`. */
export type DeliverProvedEvent = {
  jobId: Hex
  resultRoot: Hex
  /** For each step and output: its float32 bytes. */
  tensors: Hex[]
}

/**
 * Delivers a job of class zk with its proofs, and is paid in the same
 * transaction (`ZkDeliveries.deliverProved`).
 *
 * @example
 * await deliverProved(client, { order, shape, steps: provedSteps })
 */
export const deliverProved: WriteAction<
  DeliverProvedParameters,
  DeliverProvedEvent
> = writeAction({
  contract: 'zkDeliveries',
  abi: zkDeliveriesAbi,
  functionName: 'deliverProved',
  args: ({ order, shape, steps }) => [order, shape, steps],
  eventName: 'ProvedDelivered',
})
