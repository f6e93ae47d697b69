import type { Hex } from 'viem'
import { auditManagerAbi } from '../abis/auditManagerAbi.js'
import { readAction } from '../actions/readAction.js'
import type { LynodeReader } from '../clients/lynodeClient.js'

export type GetAuditParameters = { execId: Hex }

/** Seats of a sampled execution by what they said. Twin of `IAuditManager.Audit`. */
export type Audit = {
  execId: Hex
  agreeing: number
  differing: number
  withheld: number
  /** Of the first reveal. */
  round: number
  demanded: boolean
  counted: boolean
}

/**
 * Reads what auditors said of an execution (`AuditManager.auditOf`).
 *
 * @example
 * const { agreeing, differing } = await getAudit(client, { execId })
 */
export async function getAudit(
  client: LynodeReader,
  { execId }: GetAuditParameters,
): Promise<Audit> {
  const found = await readAction(client, {
    contract: 'auditManager',
    abi: auditManagerAbi,
    functionName: 'auditOf',
    args: [execId],
  })
  return { execId, ...found }
}
