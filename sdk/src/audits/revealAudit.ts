import type { Hex } from 'viem'
import { auditManagerAbi } from '../abis/auditManagerAbi.js'
import { type WriteAction, writeAction } from '../actions/writeAction.js'
import type { Order } from '../types/order.js'

export type RevealAuditParameters = {
  order: Order
  /** Of the verifier's own trace of the audited step. */
  traceRoot: Hex
  /** 1 agrees, 2 differs. */
  finding: number
  salt: Hex
}

/** Arguments of `Revealed`. */
export type RevealAuditEvent = {
  execId: Hex
  verifierId: number
  step: number
  seats: number
  finding: number
  traceRoot: Hex
  /** Wei of the order's pay token. */
  paid: bigint
}

/**
 * Reveals what a verifier committed to, and is paid (`AuditManager.reveal`, RULES E2).
 *
 * @example
 * const { event } = await revealAudit.sync(hot, { order, traceRoot, finding, salt })
 * console.log(event.paid)
 */
export const revealAudit: WriteAction<RevealAuditParameters, RevealAuditEvent> =
  writeAction({
    contract: 'auditManager',
    abi: auditManagerAbi,
    functionName: 'reveal',
    args: ({ order, traceRoot, finding, salt }) => [
      order,
      traceRoot,
      finding,
      salt,
    ],
    eventName: 'Revealed',
  })
