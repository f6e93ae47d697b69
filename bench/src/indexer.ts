import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseAddressBook } from '@lynode/sdk'
import { numberToHex } from 'viem'
import { type Growth, measureGrowth } from './indexer/measureGrowth.js'
import { type Indexing, measureIndexing } from './indexer/measureIndexing.js'
import { protocolBlocks } from './indexer/protocolBlocks.js'
import { type DatabaseKind, startDatabase } from './indexer/startDatabase.js'
import { startLogSource } from './indexer/startLogSource.js'
import { printTable } from './printTable.js'
import type { Target } from './target.js'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    databases: { type: 'string', default: 'pglite,postgres' },
    events: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    jobs: { type: 'string', default: '1000,100000' },
    seconds: { type: 'string', default: '10' },
  },
})
/** Share of the events that a Ponder with empty handlers goes through. */
const leastRatio = 0.5
/** How much longer the slowest in a hundred may wait with 100 times the jobs. */
const mostGrowth = 2

const chainId = 31_337
const folder = mkdtempSync(join(tmpdir(), 'lynode-bench-indexer-'))
chmodSync(folder, 0o755) // PostgreSQL runs as another user where we are root
const addressBook = join(folder, 'addresses.json')
const book = writeBook()
const report = (line: string) => console.error(line)
const indexing: Indexing[] = []
const growth: Growth[] = []

try {
  const databases = values.databases.split(',') as DatabaseKind[]
  if (Number(values.rounds) > 0) {
    const { blocks } = protocolBlocks({
      book,
      jobs: Number.POSITIVE_INFINITY,
      events: Number(values.events),
    })
    await withSource(blocks, async (rpcUrl) => {
      for (const database of databases)
        await withDatabase(database, 'events', async (databaseUrl) => {
          indexing.push(
            await measureIndexing({
              ...{ database, databaseUrl, folder, rpcUrl, addressBook, report },
              rounds: Number(values.rounds),
            }),
          )
        })
    })
  }
  for (const jobs of values.jobs.split(',').filter(Boolean).map(Number))
    await withSource(protocolBlocks({ book, jobs }).blocks, async (rpcUrl) => {
      for (const database of databases)
        await withDatabase(database, `jobs-${jobs}`, async (databaseUrl) => {
          growth.push(
            await measureGrowth({
              ...{ database, databaseUrl, folder, rpcUrl, addressBook, report },
              ...{ jobs, seconds: Number(values.seconds) },
            }),
          )
        })
    })
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const targets: Target[] = [
  ...indexing.map(({ database, ratio }) => ({
    name: `${database}: events a second, of those of empty handlers`,
    value: ratio,
    target: leastRatio,
    met: ratio >= leastRatio,
  })),
  ...grownReads().map(({ name, factor }) => ({
    name: `${name}: p99 with the most jobs, times that with the fewest`,
    value: factor,
    target: mostGrowth,
    met: factor <= mostGrowth,
  })),
]
if (values.json)
  console.log(JSON.stringify({ indexing, growth, targets }, null, 2))
else {
  printTable([
    ['database', 'events', 'events/s', 'empty handlers', 'ratio'],
    ...indexing.map((one) => [
      one.database,
      String(one.events),
      one.eventsPerSecond.toFixed(0),
      one.emptyEventsPerSecond.toFixed(0),
      one.ratio.toFixed(2),
    ]),
  ])
  console.log()
  printTable([
    ['database', 'jobs', 'request', 'a second', 'median ms', 'p99 ms'],
    ...growth.flatMap(({ database, jobs, reads }) =>
      reads.map((read) => [
        database,
        String(jobs),
        read.name,
        read.perSecond.toFixed(0),
        String(read.medianMs),
        String(read.p99Ms),
      ]),
    ),
  ])
  console.log()
  for (const { name, value, target, met } of targets)
    console.log(
      `${name}: ${value.toFixed(2)} (target ${target}) ${met ? 'met' : 'NOT met'}`,
    )
}

/** Each path of each database, last size against first. */
function grownReads(): { name: string; factor: number }[] {
  return [...new Set(growth.map(({ database }) => database))].flatMap(
    (database) => {
      const sizes = growth.filter((one) => one.database === database)
      const [few, many] = [sizes[0], sizes.at(-1)]
      if (few === undefined || many === undefined || few === many) return []
      return many.reads.map(({ name, p99Ms }, index) => ({
        name: `${database}, ${name}`,
        factor: p99Ms / Math.max(1, few.reads[index]?.p99Ms ?? Number.NaN),
      }))
    },
  )
}

async function withSource(
  blocks: ReturnType<typeof protocolBlocks>['blocks'],
  then: (rpcUrl: string) => Promise<void>,
): Promise<void> {
  const source = await startLogSource(chainId, blocks)
  try {
    await then(source.url)
  } finally {
    await source.close()
  }
}

async function withDatabase(
  kind: DatabaseKind,
  name: string,
  then: (url: string | undefined) => Promise<void>,
): Promise<void> {
  const database = await startDatabase(kind, join(folder, name))
  try {
    await then(database.url)
  } finally {
    await database.stop()
  }
}

/** An address for whatever contract the sdk knows: no chain has them. */
function writeBook() {
  let next = 0xb00000
  const contracts = new Proxy({} as Record<string, string>, {
    get: (known, name: string) => {
      known[name] ??= numberToHex(next++, { size: 20 })
      return known[name]
    },
  })
  const written = parseAddressBook({ chainId, deployBlock: 0, contracts })
  writeFileSync(
    addressBook,
    JSON.stringify({ ...written, deployBlock: String(written.deployBlock) }),
  )
  return written
}
