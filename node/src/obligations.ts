import type { Database } from '@lynode/runtime'
import type { Hex } from '@lynode/sdk'
import { DutyTable } from './dutyTable.js'
import { JobTable } from './jobTable.js'

/** Something that costs stake or a bond when it is not done in time. */
export type Obligation = {
  jobId: Hex
  what: 'deliver' | 'answer' | 'defend' | 'reveal'
  /** Block time in unix seconds; unknown until the chain was read. */
  until: number | undefined
}

/**
 * What a provider owes, most urgent first: jobs to deliver, demands to answer,
 * results that can still be disputed, bids to reveal.
 *
 * @param times - Block times that the chain named, by job.
 */
export function obligationsIn(
  database: Database,
  times: ReadonlyMap<string, number> = new Map(),
): Obligation[] {
  const bids = database
    .prepare(
      "SELECT job_id, reveal_end FROM auctions WHERE state IN ('bid', 'revealed')",
    )
    .all() as { job_id: Hex; reveal_end: number }[]
  const obligations: Obligation[] = [
    ...new JobTable(database)
      .active()
      .filter(({ state }) => state === 'locked' || state === 'delivered')
      .map(({ jobId, state }) => ({
        jobId,
        what: state === 'locked' ? ('deliver' as const) : ('defend' as const),
        until: times.get(jobId),
      })),
    ...new DutyTable(database).unanswered().map(({ jobId, deadline }) => ({
      jobId,
      what: 'answer' as const,
      until: deadline,
    })),
    ...bids.map((row) => ({
      jobId: row.job_id,
      what: 'reveal' as const,
      until: row.reveal_end,
    })),
  ]
  return obligations.sort(
    (a, b) =>
      (a.until ?? Number.POSITIVE_INFINITY) -
      (b.until ?? Number.POSITIVE_INFINITY),
  )
}
