import { expect, test } from 'vitest'
import { decodeCursor, encodeCursor } from '../src/api/cursor.js'
import { finalisedOf } from '../src/api/progress.js'
import { document, restApi } from '../src/api/rest.js'
import { typesOf } from './typesOf.js'

const progress = { chainId: 1, block: 90, time: 5, finalisedBlock: 60 }
const rows = [3, 2].map((position) => ({
  ...{ chainId: 1, position, createdAt: 4, block: position * 25 },
  ...{ modelId: '0xab', publisher: '0xcd', royaltyBps: 1, classes: 2 },
  ...{ checkerVersion: 1, header: { fileBytes: '5' }, zk: null },
  ...{ jobs: 1, steps: 2 },
}))
const api = restApi({ rows: async () => rows, progress: async () => progress })

test('behavior: the contract changes only together with its document', async () => {
  const made = JSON.stringify(api.getOpenAPI31Document(document), null, 2)
  // `npx vitest run --project indexer -u` writes it anew.
  await expect(`${made}\n`).toMatchFileSnapshot('../openapi.json')
})

test("behavior: the sdk's client has the types of the contract", async () => {
  const made = typesOf(api.getOpenAPI31Document(document))
  await expect(made).toMatchFileSnapshot('../../sdk/src/indexer/indexerRows.ts')
})

test('default: a page, its cursor, and what is provisional', async () => {
  const response = await api.request('/models?limit=1')
  expect(response.status).toBe(200)
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  const page = (await response.json()) as {
    items: object[]
    cursor: string
  }
  expect(page.items).toMatchObject([{ modelId: '0xab', provisional: true }])
  expect(page.items[0]).not.toHaveProperty('position')
  expect(decodeCursor('models', page.cursor, ['number', 'text'])).toEqual([
    3,
    '0xab',
  ])
  const etag = response.headers.get('etag') ?? ''
  const again = await api.request('/models?limit=1', {
    headers: { 'If-None-Match': etag },
  })
  expect(again.status).toBe(304)
})

test.each([
  '/models?cursor=%00',
  '/models?cursor=W10',
  `/models?cursor=${encodeCursor('jobs', [1, '0x00'])}`,
  `/models?cursor=${encodeCursor('models', ['9'.repeat(70), '0x00'])}`,
  `/models?cursor=${encodeCursor('models', [1, '\0'])}`,
  `/models?cursor=${'A'.repeat(5_000)}`,
  `/bids?cursor=${encodeCursor('bids', [1, '0x00', 2 ** 31])}`,
  '/models?limit=0',
  '/models?limit=201',
  '/models?limit=999999999999999999999',
  '/models?limit=-1',
  '/models?unknown=1',
  "/models?publisher='--",
  '/jobs?provider=1e9',
  '/jobs?provider=99999999999',
  '/models/zz',
])('error: %s is refused', async (path) => {
  const response = await api.request(path)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ code: 'LY-IDX-002' })
})

test('error: no such list, no such method', async () => {
  for (const [path, method] of [
    ['/nothing', 'GET'],
    ['/models', 'POST'],
    ['/models/0xab', 'DELETE'],
  ] as const)
    expect((await api.request(path, { method })).status).toBe(404)
})

test('default: progress is read out of the checkpoints of Ponder', () => {
  const checkpoint = (block: number) =>
    `1795905463${'31337'.padStart(16, '0')}${`${block}`.padStart(16, '0')}${'9'.repeat(33)}`
  expect(
    finalisedOf({
      chain_id: '31337',
      latest_checkpoint: checkpoint(563),
      finalized_checkpoint: checkpoint(511),
    }),
  ).toEqual({
    chainId: 31_337,
    block: 563,
    time: 1_795_905_463,
    finalisedBlock: 511,
  })
})
