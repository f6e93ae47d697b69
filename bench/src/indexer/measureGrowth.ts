import { join } from 'node:path'
import { createIndexerClient } from '@lynode/sdk/indexer'
import { measureReads, type Reads } from './measureReads.js'
import type { DatabaseKind } from './startDatabase.js'
import { startPonder } from './startPonder.js'

/** What readers wait for with so many jobs in the tables. */
export type Growth = {
  database: DatabaseKind
  jobs: number
  events: number
  indexingSeconds: number
  reads: Reads[]
}

export type MeasureGrowthOptions = {
  database: DatabaseKind
  databaseUrl: string | undefined
  folder: string
  rpcUrl: string
  addressBook: string
  /** Jobs that the chain has. */
  jobs: number
  /** Seconds of load on each path. */
  seconds: number
  report: (line: string) => void
}

/** Fills the tables with jobs and reads them the ways that pages and commands do. */
export async function measureGrowth(
  options: MeasureGrowthOptions,
): Promise<Growth> {
  const { database, jobs, seconds, report } = options
  report(`${database}: ${jobs} jobs`)
  const ponder = await startPonder({
    ...options,
    folder: join(options.folder, `${database}-${jobs}`),
    project: 'indexer',
    schema: `jobs_${jobs}`,
  })
  try {
    const reads: Reads[] = []
    for (const [name, path] of await paths(ponder.url, jobs)) {
      const read = await measureReads(name, `${ponder.url}${path}`, seconds)
      report(`${name}: p99 ${read.p99Ms} ms, ${read.perSecond} a second`)
      reads.push(read)
    }
    const { events, seconds: indexingSeconds } = ponder.backfill
    return { database, jobs, events, indexingSeconds, reads }
  } finally {
    await ponder.stop()
  }
}

async function paths(url: string, jobs: number): Promise<[string, string][]> {
  const indexer = createIndexerClient({ url })
  // A page in the middle, as somebody has it who turned pages until there.
  let cursor: string | undefined
  let job: { jobId: string; requester: string; providerId: number } | undefined
  for (let read = 0; read < jobs / 2; read += 200) {
    const page = await indexer.list('jobs', {
      limit: 200,
      ...(cursor === undefined ? {} : { cursor }),
    })
    cursor = page.cursor ?? cursor
    job = page.items.at(-1)
  }
  if (job === undefined) throw new Error(`no job at ${url}`)
  const { jobId, requester } = job
  return [
    ['newest 50 jobs', '/v1/jobs?limit=50'],
    ['50 jobs in the middle', `/v1/jobs?limit=50&cursor=${cursor}`],
    ['jobs of a requester', `/v1/jobs?limit=50&requester=${requester}`],
    ['jobs of a status', '/v1/jobs?limit=50&status=settled'],
    ['jobs of a rare status', '/v1/jobs?limit=50&status=convicted'],
    ['one job', `/v1/jobs/${jobId}`],
    ['volumes by day', '/v1/volumes?limit=50&period=day'],
  ]
}
