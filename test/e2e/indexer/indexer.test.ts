import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createIndexerClient, type IndexerLists } from '@lynode/sdk/indexer'
import fc from 'fast-check'
import {
  buildStep,
  Devnet,
  type IndexerProcess,
  startIndexer,
} from 'lynode/devnet'
import { getBlockNumber } from 'viem/actions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anyRequest } from '../support/anyRequest.js'
import { chainEvents, eventNames } from '../support/chainEvents.js'
import { compareHistory } from '../support/compareHistory.js'
import { compareTables } from '../support/compareTables.js'
import { IndexedScenario } from '../support/indexedScenario.js'
import { refusedRequests } from '../support/refusedRequests.js'
import { startPostgres } from '../support/startPostgres.js'

/** Events that no transaction can make on this deployment, and why. */
const notInScenario: Record<string, string> = {
  'lynToken.EIP712DomainChanged': 'no function changes the domain',
  'governor.EIP712DomainChanged': 'no function changes the domain',
  'timelock.RoleAdminChanged': 'no function changes the admin of a role',
}

const folder = mkdtempSync(join(tmpdir(), 'lynode-indexer-'))
const net = new Devnet({ folder, oracle: false })
const databases = ['pglite', 'postgres'] as const
const running = new Map<string, IndexerProcess>()
let postgres: Awaited<ReturnType<typeof startPostgres>> | undefined
let scenario: IndexedScenario | undefined

beforeAll(async () => {
  for (const step of [buildStep(), ...net.steps().slice(0, 3)])
    await step.run(() => undefined)
  scenario = new IndexedScenario(net)
  await scenario.run()
  postgres = await startPostgres()
  await Promise.all(databases.map(start))
}, 400_000)

afterAll(async () => {
  await Promise.all([...running.values()].map((one) => one.stop()))
  await postgres?.stop()
  await scenario?.stop()
  await net.stop()
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

test('the scenario has every event of every contract, or says why not', async () => {
  const client = net.client('requester')
  const events = await chainEvents(client)
  const occurred = new Set(events.map(({ name }) => name))
  expect(
    eventNames(client)
      .filter((name) => !occurred.has(name))
      .sort(),
  ).toEqual(Object.keys(notInScenario).sort())
})

describe.each(databases)('%s', (database) => {
  test('default: every table equals direct reads of the contracts', async () => {
    const counts = await compared(database)
    const indexer = clientOf(database)
    for (const list of await lists(database)) {
      const rows = counts[list] ?? (await indexer.list(list)).items.length
      expect(rows, list).toBeGreaterThan(0)
    }
  }, 240_000)
})

test('behavior: blocks that come later are followed, and undone if the chain does', async () => {
  await scenario?.sellOnce()
  for (const database of databases) await compared(database)
  const before = await outcomes('pglite')
  await scenario?.reorganise(5)
  for (const database of databases) {
    await expect
      .poll(() => outcomes(database), { timeout: 60_000 })
      .not.toEqual(before)
    await compared(database)
  }
}, 240_000)

test('behavior: killed at once, it goes on where it was', async () => {
  await scenario?.sellOnce()
  for (const one of running.values()) one.kill('SIGKILL')
  await scenario?.sellOnce()
  await Promise.all(databases.map(start))
  for (const database of databases) await compared(database)
}, 240_000)

test.each(databases)(
  'behavior: %s says what may still be undone',
  async (database) => {
    const indexer = clientOf(database)
    const { finalisedBlock } = await indexer.status()
    const marks = new Set<boolean>()
    for await (const { block, provisional } of indexer.all('jobs')) {
      expect(provisional).toBe(block > finalisedBlock)
      marks.add(provisional)
    }
    expect(marks).toEqual(new Set([true, false]))
  },
)

test.each(databases)(
  'behavior: %s spares what has not changed, and any origin may ask',
  async (database) => {
    const path = `${urlOf(database)}/v1/jobs?limit=5`
    const first = await fetch(path, {
      headers: { origin: 'https://a.example' },
    })
    expect(first.headers.get('access-control-allow-origin')).toBe('*')
    expect((await first.text()).length).toBeGreaterThan(100)
    const again = await fetch(path, {
      headers: { 'if-none-match': first.headers.get('etag') ?? '' },
    })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
  },
)

describe.each(databases)(
  'error: %s refuses with a 4xx, in time',
  (database) => {
    test.each(refusedRequests)('%s', async (_, request) => {
      const { path, ...init } = request
      const response = await fetch(`${urlOf(database)}${path}`, {
        ...init,
        signal: AbortSignal.timeout(20_000),
      })
      const body = await response.text()
      expect(response.status, body).toBeGreaterThanOrEqual(400)
      expect(response.status, body).toBeLessThan(500)
      expect(JSON.parse(body)).toMatchObject({
        code: expect.stringMatching(/^LY-IDX-00[23]$/),
        message: expect.any(String),
        remedy: expect.any(String),
      })
    })

    test('behavior: whatever is asked, it answers or refuses', async () => {
      await fc.assert(
        fc.asyncProperty(anyRequest, async ({ path, init = {} }) => {
          const response = await fetch(`${urlOf(database)}${path}`, {
            ...init,
            signal: AbortSignal.timeout(20_000),
          })
          const body = await response.text()
          if (response.status === 200) return
          expect([400, 404, 413], body).toContain(response.status)
          expect(JSON.parse(body).code).toMatch(/^LY-IDX-00[23]$/)
        }),
        { numRuns: 300 },
      )
    }, 180_000)

    test('and its tables are what they were', async () => {
      await compared(database)
    }, 120_000)
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
      databaseUrl: database === 'postgres' ? postgres?.url : undefined,
    }),
  )
}

function urlOf(database: string): string {
  return running.get(database)?.url ?? ''
}

function clientOf(database: string) {
  // The machine may be busy, and nothing here is a test of speed.
  return createIndexerClient({ url: urlOf(database), timeoutMs: 60_000 })
}

/** Every list that the contract of the API names. */
async function lists(database: string): Promise<(keyof IndexerLists)[]> {
  const response = await fetch(`${urlOf(database)}/v1/openapi.json`)
  const { paths } = (await response.json()) as { paths: object }
  return Object.keys(paths)
    .map((path) => path.slice(1))
    .filter(
      (path) => !/[/{]/.test(path) && !['status', 'protocol'].includes(path),
    ) as (keyof IndexerLists)[]
}

/** Waits until the indexer has the newest block. */
async function reached(database: string): Promise<void> {
  const head = await getBlockNumber(net.client('requester'), { cacheTime: 0 })
  const indexer = clientOf(database)
  await expect
    .poll(
      () =>
        indexer.status().then(
          ({ block }) => block,
          () => -1,
        ),
      { timeout: 600_000, interval: 500 },
    )
    .toBeGreaterThanOrEqual(Number(head))
}

async function compared(database: string): Promise<Record<string, number>> {
  await reached(database)
  const indexer = clientOf(database)
  await compareHistory(indexer, await chainEvents(net.client('requester')))
  return compareTables(indexer, net.client('requester'), urlOf(database))
}

/** How many attempts have ended in which way. */
async function outcomes(database: string): Promise<Record<string, number>> {
  const { items } = await clientOf(database).list('attempts', { limit: 200 })
  return Object.fromEntries(
    ['locked', 'delivered', 'settled'].map((outcome) => [
      outcome,
      items.filter((one) => one.outcome === outcome).length,
    ]),
  )
}
