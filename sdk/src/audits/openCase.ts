import type { Hex } from 'viem'
import { attestationsAbi } from '../abis/attestationsAbi.js'
import { type WriteAction, writeAction } from '../actions/writeAction.js'
import type { Order } from '../types/order.js'

export type OpenCaseParameters = {
  /** The audited order, and which execution of it. */
  order: Order
  attempt: number
  providerId: number
  verifierId: number
  traceRoot: Hex
  /** 1 agrees, 2 differs. */
  finding: number
}

/** Arguments of `CaseOpened`. */
export type OpenCaseEvent = {
  execId: Hex
  verifierId: number
  caseId: Hex
  /** What demands and proofs of the case take. */
  order: Order
  step: number
  traceRoot: Hex
}

/**
 * Opens what a verifier attested to demands and proofs (`Attestations.open`, RULES E2, E3).
 *
 * @example
 * const { event } = await openCase.sync(client, { order, attempt, providerId, verifierId, traceRoot, finding })
 * console.log(event.caseId, event.step)
 */
export const openCase: WriteAction<OpenCaseParameters, OpenCaseEvent> =
  writeAction({
    contract: 'attestations',
    abi: attestationsAbi,
    functionName: 'open',
    args: ({ order, attempt, providerId, verifierId, traceRoot, finding }) => [
      order,
      attempt,
      providerId,
      verifierId,
      traceRoot,
      finding,
    ],
    eventName: 'CaseOpened',
  })
