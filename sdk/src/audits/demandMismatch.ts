import type { Hex } from 'viem'
import { auditManagerAbi } from '../abis/auditManagerAbi.js'
import { type WriteAction, writeAction } from '../actions/writeAction.js'
import type { ModelHeader } from '../types/manifest.js'
import type { Order } from '../types/order.js'

export type DemandMismatchParameters = { order: Order; model: ModelHeader }

/** Arguments of `MismatchDemanded`. */
export type DemandMismatchEvent = { execId: Hex; demandId: Hex; step: number }

/**
 * After a reveal that differs: demands the provider's trace of the audited step, bonded by the pool (`AuditManager.demandTrace`, RULES E4). Anyone may, once.
 *
 * @example
 * await demandMismatch.sync(client, { order, model: manifest.header })
 */
export const demandMismatch: WriteAction<
  DemandMismatchParameters,
  DemandMismatchEvent
> = writeAction({
  contract: 'auditManager',
  abi: auditManagerAbi,
  functionName: 'demandTrace',
  args: ({ order, model }) => [order, model],
  eventName: 'MismatchDemanded',
})
