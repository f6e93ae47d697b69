import { join } from 'node:path'
import { median } from '../median.js'
import type { DatabaseKind } from './startDatabase.js'
import { type Backfill, startPonder } from './startPonder.js'

/** Events a second of the indexer, and of a Ponder whose handlers are empty. */
export type Indexing = {
  database: DatabaseKind
  events: number
  rounds: number
  /** Medians of the rounds. */
  eventsPerSecond: number
  emptyEventsPerSecond: number
  ratio: number
  /** The first run of all, which asks the chain too. */
  firstEventsPerSecond: number
  runs: { empty: Backfill[]; ours: Backfill[] }
}

export type MeasureIndexingOptions = {
  database: DatabaseKind
  databaseUrl: string | undefined
  folder: string
  rpcUrl: string
  addressBook: string
  rounds: number
  report: (line: string) => void
}

const projects = {
  empty: 'indexer/test/emptyHandlers',
  ours: 'indexer',
} as const

/**
 * Lets both index the same events in turn. Ponder keeps what it has asked of
 * the chain beside the tables, and the first run asks for all of it, so that
 * every round is the indexing step alone: events are read, decoded, handled and
 * their rows written.
 */
export async function measureIndexing(
  options: MeasureIndexingOptions,
): Promise<Indexing> {
  const { database, rounds, report } = options
  const folder = join(options.folder, database)
  const runOnce = async (which: keyof typeof projects, name: string) => {
    const ponder = await startPonder({
      ...options,
      folder,
      project: projects[which],
      schema: `${which}_${name}`,
    })
    await ponder.stop()
    const { events, seconds } = ponder.backfill
    report(
      `${database}, ${which} ${name}: ${events} events in ${seconds.toFixed(1)} s`,
    )
    return ponder.backfill
  }
  const first = await runOnce('empty', 'first')
  const runs = { empty: [] as Backfill[], ours: [] as Backfill[] }
  for (let round = 1; round <= rounds; round++)
    for (const which of ['empty', 'ours'] as const)
      runs[which].push(await runOnce(which, String(round)))
  const rate = ({ events, seconds }: Backfill) => events / seconds
  const eventsPerSecond = median(runs.ours.map(rate))
  const emptyEventsPerSecond = median(runs.empty.map(rate))
  return {
    database,
    events: first.events,
    rounds,
    eventsPerSecond,
    emptyEventsPerSecond,
    ratio: eventsPerSecond / emptyEventsPerSecond,
    firstEventsPerSecond: rate(first),
    runs,
  }
}
