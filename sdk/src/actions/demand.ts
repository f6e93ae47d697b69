import type { Address, Hex } from 'viem'
import { demandsAbi } from '../abis/demandsAbi.js'
import type { DemandRequest } from '../types/dispute.js'
import type { ModelHeader } from '../types/manifest.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type DemandParameters = {
  order: Order
  model: ModelHeader
  /** `kind` is one of `demandKinds`. */
  request: DemandRequest
  /** Manifest entry of the value of a chunk, tensor or witness demand. */
  entry?: Hex | undefined
  entryProof?: readonly Hex[] | undefined
}

/** Arguments of `Demanded`. */
export type DemandEvent = {
  execId: Hex
  demandId: Hex
  asker: Address
  jobId: Hex
  request: DemandRequest
  bond: bigint
  deadline: number
}

/**
 * Obliges the provider to open something by a deadline of its own; the bond comes out of the caller's free LYN (`Demands.demand`, RULES A3, A4, A11).
 *
 * @example
 * await demand.sync(client, { order, model: manifest.header, ...proveEntry(manifest, 0), request: { kind: demandKinds.trace, step: 0, value: 0, chunk: 0, count: 0 } })
 */
export const demand: WriteAction<DemandParameters, DemandEvent> = writeAction({
  contract: 'demands',
  abi: demandsAbi,
  functionName: 'demand',
  args: ({ order, model, request, entry, entryProof }) => [
    order,
    model,
    request,
    entry ?? '0x',
    entryProof ?? [],
  ],
  eventName: 'Demanded',
})
