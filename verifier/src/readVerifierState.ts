import { join } from 'node:path'
import { openExisting } from '@lynode/runtime'
import { AuditTable } from './auditTable.js'
import { CheckTable } from './checkTable.js'

export type VerifierState = {
  /** Executions by verdict; `pending` have none yet. */
  checks: Record<string, number>
  /** Audits by state; `waiting` for the seed of their epoch. */
  audits: Record<string, number>
  /** Demands whose bond is still out. */
  demands: number
}

/**
 * Reads what a verifier has found from its database alone; it may be running,
 * stopped or dead.
 *
 * @throws LynodeError `LY-DB-003` when no verifier has run there.
 */
export function readVerifierState(dataDir: string): VerifierState {
  const database = openExisting(join(dataDir, 'state.sqlite'))
  try {
    const table = new CheckTable(database)
    return {
      checks: table.counts(),
      audits: new AuditTable(database).counts(),
      demands: table.ownDemands().length,
    }
  } finally {
    database.close()
  }
}
