import type { Address, Hex } from 'viem'
import { demandsAbi } from '../abis/demandsAbi.js'
import type { Order } from '../types/order.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type ExpireDemandParameters = { order: Order; demandId: Hex }

/** Arguments of `DemandExpired`. */
export type ExpireDemandEvent = { execId: Hex; demandId: Hex; caller: Address }

/**
 * Convicts for withholding after the deadline of a demand (`Demands.expireDemand`, RULES A2).
 *
 * @example
 * await expireDemand(client, { order, demandId })
 */
export const expireDemand: WriteAction<
  ExpireDemandParameters,
  ExpireDemandEvent
> = writeAction({
  contract: 'demands',
  abi: demandsAbi,
  functionName: 'expireDemand',
  args: ({ order, demandId }) => [order, demandId],
  eventName: 'DemandExpired',
})
