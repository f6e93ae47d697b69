import type { Hex } from 'viem'
import { demandsAbi } from '../abis/demandsAbi.js'
import type { ModelHeader } from '../types/manifest.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type AnswerDemandParameters = {
  order: Order
  model: ModelHeader
  demandId: Hex
  /** By `encodeTraceAnswer`, `encodeOutputAnswer`, `encodeChunkAnswer` (tensors too, part by part) or `encodeWitnessAnswer`. */
  payload: Hex
}

/** Arguments of `TracePosted`, `OutputOpened`, `ChunksOpened` or `WitnessNamed`. */
export type AnswerDemandEvent = { execId: Hex; demandId: Hex; step: number }

/**
 * Answers a demand; anyone who has the bytes may. The contract refuses every
 * answer but the committed one (`Demands.answer`, RULES A11).
 *
 * @example
 * await answerDemand(client, {
 *   order, model: manifest.header, demandId, payload: encodeTraceAnswer(tensorRoots),
 * })
 */
export const answerDemand: WriteAction<
  AnswerDemandParameters,
  AnswerDemandEvent
> = writeAction({
  contract: 'demands',
  abi: demandsAbi,
  functionName: 'answer',
  args: ({ order, model, demandId, payload }) => [
    order,
    model,
    demandId,
    payload,
  ],
  eventName: ['TracePosted', 'OutputOpened', 'ChunksOpened', 'WitnessNamed'],
})
