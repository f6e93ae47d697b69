import { auditManagerAbi } from '../abis/auditManagerAbi.js'
import { readAction } from '../actions/readAction.js'
import type { LynodeReader } from '../clients/lynodeClient.js'

/** What never changes of a deployment's audits, in seconds. */
export type AuditClock = {
  /** Of an epoch; an execution belongs to the one of its delivery. */
  epoch: number
  /** N: how long an epoch waits for the oracle. */
  fallbackAfter: number
}

/**
 * Reads the length of an epoch, and how long it waits for its seed.
 *
 * @example
 * const { epoch } = await getAuditClock(client)
 */
export async function getAuditClock(client: LynodeReader): Promise<AuditClock> {
  const read = (functionName: 'EPOCH' | 'SEED_TIMEOUT') =>
    readAction(client, {
      contract: 'auditManager',
      abi: auditManagerAbi,
      functionName,
      args: [],
    })
  const [epoch, fallbackAfter] = await Promise.all([
    read('EPOCH'),
    read('SEED_TIMEOUT'),
  ])
  return { epoch, fallbackAfter }
}
