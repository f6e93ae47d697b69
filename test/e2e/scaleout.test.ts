import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runOnWorkers, WorkQueue } from '@lynode/node'
import {
  BlobStore,
  canonicalise,
  DocumentStore,
  type HttpServer,
  nodeSha256,
  openModelFile,
  Runner,
  runJob,
  startDataServer,
} from '@lynode/runtime'
import {
  buildModel,
  dtypes,
  type Hex,
  type InputsDocument,
  inputRootOf,
  readManifest,
  resultRootOf,
} from '@lynode/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres } from './support/startPostgres.js'

const program = fileURLToPath(
  new URL('../../cli/bin/lynode.js', import.meta.url),
)
const folder = mkdtempSync(join(tmpdir(), 'lynode-scaleout-'))
const blobs = new BlobStore(join(folder, 'blobs'))
const documents = new DocumentStore(join(folder, 'documents'))
const runner = new Runner()
const quiet = { info: () => undefined, warn: () => undefined }
const workers: ChildProcess[] = []
/** Wide enough that a step takes a while, even on a fast machine. */
const width = 640
const products = 40
const steps = 8

let postgres: Awaited<ReturnType<typeof startPostgres>>
let server: HttpServer
let queue: WorkQueue

beforeAll(async () => {
  postgres = await startPostgres()
  server = await startDataServer({ blobs, reader: blobs, documents })
  queue = await WorkQueue.open({ url: postgres.url, runner, logger: quiet })
}, 60_000)

afterAll(async () => {
  for (const one of workers) one.kill('SIGKILL')
  await queue.close()
  await server.close()
  await runner.close()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

function startWorker(name: string, ...more: string[]): ChildProcess {
  const child = spawn(
    process.execPath,
    [program, 'worker', '--data-dir', join(folder, name), '--json', ...more],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LYNODE_QUEUE: postgres.url },
    },
  )
  child.stderr?.pipe(createWriteStream(join(folder, `${name}.log`)))
  workers.push(child)
  return child
}

/** Items of an event in a worker's log. */
function itemsOf(name: string, event: 'item.taken' | 'item.done'): string[] {
  try {
    return readFileSync(join(folder, `${name}.log`), 'utf8')
      .split('\n')
      .filter((line) => line.includes(`"${event}"`))
      .map((line) => String((JSON.parse(line) as { item: string }).item))
  } catch {
    return [] // it has written nothing yet
  }
}

/** A job of the given steps, its model and inputs where the data server has them. */
async function prepare(): Promise<{
  model: Awaited<ReturnType<typeof openModelFile>>
  inputs: InputsDocument
  inputRoot: Hex
}> {
  const file = await canonicalise(
    buildModel({
      inputs: { x0: [width, width] },
      outputs: [`x${products}`],
      nodes: Array.from({ length: products }, (_, i) => [
        'MatMul',
        [`x${i}`, 'x0'],
        [`x${i + 1}`],
      ]),
    }),
    { runner },
  )
  const fileRoot = await blobs.put(file)
  const { modelId } = readManifest(file, nodeSha256)
  const model = await openModelFile({ blobs, fileRoot, modelId, folder })
  const [input] = model.manifest.values
  if (input === undefined) throw new Error('no input')
  const inputs: InputsDocument = { kind: 'inputs', steps: [] }
  for (let step = 0; step < steps; step++) {
    const values = Float32Array.from(
      { length: width * width },
      (_, i) => (((i * 7 + step * 13) % 31) - 15) / (31 * width),
    )
    const dataRoot = await blobs.put(new Uint8Array(values.buffer))
    const { dtype, dims, perm } = input.type
    ;(inputs.steps as (typeof inputs.steps)[number][]).push([
      { dtype, dims, perm, dataRoot },
    ])
  }
  expect(input.type.dtype).toBe(dtypes.float32)
  await documents.put(inputs)
  return { model, inputs, inputRoot: inputRootOf(inputs, nodeSha256) }
}

function onWorkers(
  { model, inputs, inputRoot }: Awaited<ReturnType<typeof prepare>>,
  given: WorkQueue,
) {
  return runOnWorkers({
    queue: given,
    jobId: `0x${'17'.repeat(32)}`,
    attempt: 0,
    order: { inputRoot, steps },
    model,
    inputs,
    mode: 'plain',
    source: server.url,
    reader: blobs,
    stepSeconds: undefined,
    deadlineMs: 60_000,
  })
}

test('behavior: two workers do a job; one is killed in the middle, nothing is lost, nothing done twice', async () => {
  const job = await prepare()
  const running = onWorkers(job, queue)
  running.catch(() => undefined) // awaited below
  const both = new Map(
    ['first', 'second'].map((name) => [name, startWorker(name)]),
  )
  // Killed while it has an item, after it has finished at least one; which of the
  // two that is, the machine decides.
  let found: { victim: string; killed: string } | undefined
  await expect
    .poll(
      () => {
        for (const victim of both.keys()) {
          const done = itemsOf(victim, 'item.done')
          const taken = itemsOf(victim, 'item.taken')
          const killed = taken.find((item) => !done.includes(item))
          if (done.length > 0 && killed !== undefined) {
            found ??= { victim, killed }
            return true
          }
        }
        return false
      },
      { timeout: 90_000, interval: 10 },
    )
    .toBe(true)
  const { victim = '', killed = '' } = found ?? {}
  const dead = both.get(victim)
  both.delete(victim)
  const [survivor = ''] = both.keys()
  const gone = dead && once(dead, 'close')
  dead?.kill('SIGKILL')
  await gone
  const { result } = await running

  const local = await runJob({
    runner,
    model: job.model,
    inputs: job.inputs,
    reader: blobs,
    spool: join(folder, 'local'),
  })
  expect(resultRootOf(result, nodeSha256)).toBe(
    resultRootOf(local.result, nodeSha256),
  )
  const done = [
    ...itemsOf(victim, 'item.done'),
    ...itemsOf(survivor, 'item.done'),
  ]
  expect(new Set(done).size).toBe(done.length)
  const rows = await postgres.query(
    'SELECT id, state, retry_count FROM lynode.job WHERE name LIKE $$lynode-work%$$',
  )
  expect(rows).toHaveLength(steps)
  for (const { id, state, retry_count } of rows) {
    expect(state).toBe('completed')
    // What was under way when the one died, the other did, unless it was answered
    // in the moment before the death, and nothing was left to log that.
    if (id === killed && retry_count === 0)
      expect(itemsOf(survivor, 'item.taken')).not.toContain(id)
    else expect(done).toContain(id)
    if (retry_count !== 0) {
      expect(id).toBe(killed)
      expect(itemsOf(survivor, 'item.done')).toContain(id)
    }
  }

  // A coordinator that restarts finds what is done.
  const again = await WorkQueue.open({
    url: postgres.url,
    runner,
    logger: quiet,
  })
  try {
    expect((await onWorkers(job, again)).result).toEqual(result)
  } finally {
    await again.close()
  }
  expect(itemsOf(survivor, 'item.taken')).toHaveLength(
    itemsOf(survivor, 'item.done').length,
  )
}, 180_000)

test('behavior: an item that another worker did before it was locked is not done again', async () => {
  for (const one of workers) one.kill('SIGKILL') // those of other tests
  const { model, inputRoot } = await prepare()
  const { fileRoot, fileBytes } = model.manifest.header
  const item = (first: number) => ({
    ...{ source: server.url, modelId: model.manifest.modelId },
    ...{ fileRoot, fileBytes: Number(fileBytes), inputRoot, steps },
    ...{ first, count: 1, before: null, deadlineMs: 60_000 },
    mode: 'plain' as const,
  })
  const [late, next] = [randomUUID(), randomUUID()]
  const active = async (id: string) =>
    (
      await postgres.query(
        `SELECT state FROM lynode.job WHERE id = '${id}' AND state = 'active'`,
      )
    ).length
  const release = await postgres.lock(late)
  const running = queue.run(late, item(0))
  const worker = startWorker('slow')
  await expect.poll(() => active(late), { timeout: 60_000 }).toBe(1)
  const done = { steps: [], runMs: 7 }
  await postgres.query(
    `UPDATE lynode.job SET state = 'completed', completed_on = now(),
     output = '${JSON.stringify(done)}' WHERE id = '${late}'`,
  )
  expect(await running).toEqual(done)
  await release()
  expect((await queue.run(next, item(1))).steps).toHaveLength(1)
  await expect.poll(() => itemsOf('slow', 'item.done')).toContain(next)
  expect(itemsOf('slow', 'item.taken')).toEqual([next])
  worker.kill('SIGTERM')
  expect(await once(worker, 'exit')).toEqual([0, null])
}, 180_000)

test('error: a worker that would give other bits, or has no database', async () => {
  const [other, lost] = [
    startWorker('other', '--threads', '2'),
    startWorker('lost', '--queue', 'postgres://nobody@127.0.0.1:1/none'),
  ]
  const statuses = await Promise.all(
    [other, lost].map(async (one) => (await once(one, 'exit'))[0]),
  )
  expect(statuses.every((status) => status !== 0)).toBe(true)
}, 60_000)
