import type { Hex } from 'viem'
import { auditManagerAbi } from '../abis/auditManagerAbi.js'
import { type WriteAction, writeAction } from '../actions/writeAction.js'

export type ReportAbsentParameters = { jobId: Hex; verifierId: number }

/** Arguments of `AbsentReported`. */
export type ReportAbsentEvent = {
  execId: Hex
  verifierId: number
  reporter: Hex
  slashed: bigint
}

/**
 * Reports a drawn verifier that attested nothing in time, which slashes it a little (`AuditManager.reportAbsent`, RULES E4). Anyone may.
 *
 * @example
 * await reportAbsent.sync(client, { jobId, verifierId })
 */
export const reportAbsent: WriteAction<
  ReportAbsentParameters,
  ReportAbsentEvent
> = writeAction({
  contract: 'auditManager',
  abi: auditManagerAbi,
  functionName: 'reportAbsent',
  args: ({ jobId, verifierId }) => [jobId, verifierId],
  eventName: 'AbsentReported',
})
