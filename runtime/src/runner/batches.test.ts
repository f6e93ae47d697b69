import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { BlobStore } from '../blobs/blobStore.js'
import { Runner, type RunnerOptions } from './runner.js'
import { SessionCache } from './sessionCache.js'
import { tinyModel } from './tinyModel.test.fixture.js'

const entry = fileURLToPath(
  new URL('../../dist/runner/runnerProcess.js', import.meta.url),
)
const store = new BlobStore(mkdtempSync(join(tmpdir(), 'lynode-test-')))
const open: Runner[] = []

afterAll(async () => {
  await Promise.all(open.map((one) => one.close()))
  await store.remove()
})

function start(options: RunnerOptions = {}) {
  const batches: number[] = []
  const restarts: string[] = []
  const runner = new Runner({
    entry,
    onBatch: (requests) => batches.push(requests),
    onRestart: (code) => restarts.push(code),
    ...options,
  })
  open.push(runner)
  return { runner, batches, restarts }
}

// The larger `n`, the more memory and time it takes; the answer stays small.
const tile = tinyModel({
  inputs: [
    { name: 'a', dtype: 1, dims: [1, 1] },
    { name: 'n', dtype: 7, dims: [2] },
  ],
  outputs: [{ name: 'most', dtype: 1, dims: [1, 1] }],
  nodes: [
    { operator: 'Tile', inputs: ['a', 'n'], outputs: ['tiled'] },
    { operator: 'ReduceMax', inputs: ['tiled'], outputs: ['most'] },
  ],
})
const path = store.pathOf(await store.put(tile))

function request(value: number, n: number) {
  const [a, repeats] = [
    new Float32Array([value]),
    new BigInt64Array([BigInt(n), BigInt(n)]),
  ]
  const pair = [0, 1]
  return {
    model: { path },
    inputs: [
      {
        name: 'a',
        type: { dtype: 1, dims: [1, 1], perm: pair },
        source: { bytes: new Uint8Array(a.buffer) },
      },
      {
        name: 'n',
        type: { dtype: 7, dims: [2], perm: [0] },
        source: { bytes: new Uint8Array(repeats.buffer) },
      },
    ],
    outputs: [{ name: 'most', type: { dtype: 1, dims: [1, 1], perm: pair } }],
    spool: store.folder,
  } as const
}

async function answerOf(
  run: ReturnType<Runner['run']>,
): Promise<number | undefined> {
  const [output] = (await run).outputs
  const bytes = output && (await store.read(output.dataRoot))
  return bytes && new Float32Array(bytes.slice().buffer)[0]
}

test('behavior: small requests of one model that wait go together', async () => {
  const { runner, batches } = start({ batchMs: 60_000 })
  expect(await answerOf(runner.run(request(7, 2)))).toBe(7)
  const values = Array.from({ length: 20 }, (_, i) => i)
  const answers = await Promise.all(
    values.map((value) => answerOf(runner.run(request(value, 2)))),
  )
  expect(answers).toEqual(values)
  // The first one shows how small they are; the next may go before the others came.
  expect([
    [1, 20],
    [1, 1, 19],
  ]).toContainEqual(batches)
})

test('error: in a batch, the one that breaks its limit fails alone', async () => {
  const { runner, batches, restarts } = start({
    batchMs: 60_000,
    memoryBytes: 500 * 2 ** 20,
  })
  await runner.run(request(1, 2))
  const [before, bomb, after] = await Promise.allSettled(
    [request(3, 2), request(4, 20_000), request(5, 2)].map((one) =>
      answerOf(runner.run(one)),
    ),
  )
  expect(Math.max(...batches)).toBeGreaterThan(1)
  expect(before).toMatchObject({ value: 3 })
  expect(bomb).toMatchObject({ reason: { code: 'LY-RUNNER-003' } })
  expect(after).toMatchObject({ value: 5 })
  // Once in the batch, once alone.
  expect(restarts).toEqual(['LY-RUNNER-003', 'LY-RUNNER-003'])
}, 60_000)

test('error: a request has limits of its own', async () => {
  const { runner } = start()
  await runner.run(request(1, 2))
  await expect(
    runner.run({ ...request(1, 12_000), limits: { deadlineMs: 30 } }),
  ).rejects.toMatchObject({ code: 'LY-RUNNER-002' })
  expect(await answerOf(runner.run(request(6, 2)))).toBe(6)
}, 60_000)

test('behavior: a child that has served its time is replaced', async () => {
  const { runner, restarts } = start({ recycleAfter: 2, batchMs: 0 })
  for (let i = 0; i < 5; i++)
    expect(await answerOf(runner.run(request(i, 2)))).toBe(i)
  expect(restarts).toEqual(['recycled', 'recycled'])
}, 60_000)

test('behavior: processes work side by side', async () => {
  const { runner } = start({ processes: 2, batchMs: 0 })
  await Promise.all([runner.run(request(1, 2)), runner.run(request(2, 2))])
  const order: number[] = []
  await Promise.all([
    runner.run(request(1, 12_000)).then(() => order.push(1)),
    runner.run(request(2, 2)).then(() => order.push(2)),
  ])
  expect(order).toEqual([2, 1])
  expect(await runner.residentBytes()).toBeGreaterThan(2 * 20 * 2 ** 20)
}, 60_000)

test('behavior: a session that is used stays, the oldest makes room', async () => {
  const cache = new SessionCache({
    executionProvider: 'cpu',
    threads: 1,
    sessions: 8,
    sessionBytes: 2.5 * tile.length,
  })
  const get = async (bytes: number) => {
    const copy = join(store.folder, `copy-${bytes}`)
    writeFileSync(copy, tile)
    return cache.get({ model: { path: copy }, cache: true })
  }
  const [first, second] = [await get(1), await get(2)]
  expect(await get(1)).toBe(first)
  await get(3) // the second one leaves
  expect(await get(1)).toBe(first)
  expect(await get(2)).not.toBe(second)
})

test('error: a runner that could use TF32 does not start', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      '-e',
      `require('node:child_process').fork(${JSON.stringify(entry)}, ['{}'], { env: {} }).on('exit', process.exit)`,
    ],
    { encoding: 'utf8' },
  )
  expect(status).toBe(1)
  expect(stderr).toContain('NVIDIA_TF32_OVERRIDE=0')
})
