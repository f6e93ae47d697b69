import { join } from 'node:path'
import { openExisting } from '@lynode/runtime'
import { type JobState, JobTable } from './jobTable.js'
import { type Obligation, obligationsIn } from './obligations.js'

export type ProviderState = {
  /** Jobs by what the provider has to do with them. */
  jobs: Partial<Record<JobState, number>>
  obligations: Obligation[]
}

/**
 * Reads what a provider owes from its database alone; it may be running, stopped
 * or dead, and the chain may be out of reach.
 *
 * @throws LynodeError `LY-DB-003` when no provider has run there.
 */
export function readProviderState(dataDir: string): ProviderState {
  const database = openExisting(join(dataDir, 'state.sqlite'))
  try {
    return {
      jobs: new JobTable(database).counts(),
      obligations: obligationsIn(database),
    }
  } finally {
    database.close()
  }
}
