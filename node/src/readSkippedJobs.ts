import { join } from 'node:path'
import { openExisting } from '@lynode/runtime'
import { JobTable, type SkippedJob } from './jobTable.js'

/**
 * Reads the orders that a provider has seen and not taken, the newest first,
 * with the reason of each; the provider may be running.
 *
 * @param dataDir - `dataDir` of its configuration.
 * @throws LynodeError `LY-DB-003` when no provider has run there.
 */
export function readSkippedJobs(dataDir: string, limit: number): SkippedJob[] {
  const database = openExisting(join(dataDir, 'state.sqlite'))
  try {
    return new JobTable(database).skipped(limit)
  } finally {
    database.close()
  }
}
