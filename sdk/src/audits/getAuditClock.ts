import { parseAbi } from 'viem'
import { readAction } from '../actions/readAction.js'
import type { LynodeReader } from '../clients/lynodeClient.js'

/** What never changes of a deployment's audits, in seconds. */
export type AuditClock = {
  /** Of an epoch; an execution belongs to the one of its delivery. */
  epoch: number
  /** N: how long an epoch waits for the oracle. */
  fallbackAfter: number
}

const abi = parseAbi([
  'function EPOCH() view returns (uint40)',
  'function FALLBACK_DELAY() view returns (uint40)',
])

/**
 * Reads the length of an epoch, and how long it waits for its seed.
 *
 * @example
 * const { epoch } = await getAuditClock(client)
 */
export async function getAuditClock(client: LynodeReader): Promise<AuditClock> {
  const read = (functionName: 'EPOCH' | 'FALLBACK_DELAY') =>
    readAction(client, {
      contract: 'auditManager',
      abi,
      functionName,
      args: [],
    })
  const [epoch, fallbackAfter] = await Promise.all([
    read('EPOCH'),
    read('FALLBACK_DELAY'),
  ])
  return { epoch, fallbackAfter }
}
