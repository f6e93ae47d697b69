import type { Hex } from 'viem'
import { auditManagerAbi } from '../abis/auditManagerAbi.js'
import { type WriteAction, writeAction } from '../actions/writeAction.js'
import type { Order } from '../types/order.js'

export type AttestWithheldParameters = { order: Order }

/** Arguments of `WithheldAttested`. */
export type AttestWithheldEvent = {
  execId: Hex
  verifierId: number
  seats: number
}

/**
 * Says as a drawn verifier that bytes which the audit needs are withheld; a quorum voids the execution (`AuditManager.attestWithheld`, RULES A7).
 *
 * @example
 * await attestWithheld.sync(hot, { order })
 */
export const attestWithheld: WriteAction<
  AttestWithheldParameters,
  AttestWithheldEvent
> = writeAction({
  contract: 'auditManager',
  abi: auditManagerAbi,
  functionName: 'attestWithheld',
  args: ({ order }) => [order],
  eventName: 'WithheldAttested',
})
