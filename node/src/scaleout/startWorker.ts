import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  BlobClient,
  BlobStore,
  createLogger,
  DocumentStore,
  type ExecutionProvider,
  errorText,
  fingerprintOf,
  openModelFile,
  Runner,
  runSegment,
  type StepResult,
  segmentBlobs,
  selfTest,
  uploadBlobFile,
} from '@lynode/runtime'
import { LynodeError, parseInputsDocument } from '@lynode/sdk'
import PgBoss from 'pg-boss'
import {
  isWorkQueue,
  queueNameOf,
  queueSchema,
  type WorkItem,
  type WorkResult,
} from './workItem.js'

export type WorkerOptions = {
  /** `postgres://...` */
  queue: string
  /** Folder of what is fetched and computed. */
  dataDir: string
  executionProvider?: ExecutionProvider | undefined
  /** As the coordinator has it: part of what decides the bits. Default 1. */
  threads?: number | undefined
  memoryBytes?: number | undefined
  logLevel?: string | undefined
}

export type RunningWorker = {
  /** Finishes the item in work, then ends. */
  stop(): Promise<void>
  /** Rejects when the worker cannot go on. */
  done: Promise<void>
}

/** Pause after a look at an empty queue. */
const idleMs = 100

/** Pause after a failure of the database. */
const failedMs = 2_000

/**
 * A machine more for a provider: takes items from the queue of its coordinator,
 * runs them, brings the outputs to the coordinator's data server, answers. It
 * has no key and needs no chain.
 *
 * @throws LynodeError `LY-RUNNER-007` when the machine fails the self-test,
 * `LY-QUEUE-001` without a database.
 */
export async function startWorker(
  options: WorkerOptions,
): Promise<RunningWorker> {
  const { dataDir, queue: connectionString } = options
  const logger = createLogger('worker', options.logLevel)
  const runner = new Runner({
    executionProvider: options.executionProvider,
    threads: options.threads,
    memoryBytes: options.memoryBytes,
  })
  const report = await selfTest({ runner })
  if (!report.passed) {
    await runner.close()
    throw new LynodeError('LY-RUNNER-007', {
      details: report.faults.join('; '),
    })
  }
  const name = queueNameOf(fingerprintOf(runner, 'plain'))
  const connection = {
    connectionString,
    schema: queueSchema,
    application_name: 'lynode worker',
    // One session that never idles out: its locks say that this worker lives.
    max: 1,
    idleTimeoutMillis: 0,
    keepAlive: true,
    // A machine that lost its power is noticed within half a minute.
    options:
      '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3',
    supervise: false,
    schedule: false,
  }
  const boss = new PgBoss(connection)
  boss.on('error', (error) =>
    logger.warn({ event: 'queue.error', error: errorText(error) }, 'no queue'),
  )
  await boss.start().catch(async (cause: unknown) => {
    await runner.close()
    throw new LynodeError('LY-QUEUE-001', { details: errorText(cause), cause })
  })
  await mkdir(dataDir, { recursive: true })
  const blobs = new BlobStore(join(dataDir, 'blobs'))
  const documents = new DocumentStore(join(dataDir, 'documents'))

  let stopping = false
  const done = work().finally(async () => {
    await boss.stop({ graceful: false }).catch(() => undefined) // its database is gone
    await runner.close()
  })
  done.catch(() => undefined) // its owner awaits it, or `stop`
  return {
    done,
    async stop() {
      stopping = true
      await done
    },
  }

  async function work(): Promise<void> {
    let known = false
    while (!stopping) {
      let pauseMs = idleMs
      try {
        known ||= await findQueue()
        const [job] = known
          ? await boss.fetch<WorkItem>(name, { includeMetadata: true })
          : []
        if (job !== undefined) {
          await perform(job)
          pauseMs = 0
        } else if (!known) pauseMs = failedMs
      } catch (error) {
        if (error instanceof LynodeError && error.code === 'LY-QUEUE-002')
          throw error
        pauseMs = failedMs
        logger.warn(
          { event: 'worker.failed', error: errorText(error) },
          'failed',
        )
      }
      await sleep(pauseMs)
    }
  }

  /** @throws LynodeError `LY-QUEUE-002` when the coordinator is of another kind. */
  async function findQueue(): Promise<boolean> {
    const names = (await boss.getQueues()).map((one) => one.name)
    if (names.includes(name)) return true
    if (names.some(isWorkQueue))
      throw new LynodeError('LY-QUEUE-002', {
        details: JSON.stringify(fingerprintOf(runner, 'plain')),
      })
    return false // no coordinator was there yet
  }

  async function perform(job: PgBoss.JobWithMetadata<WorkItem>): Promise<void> {
    const session = await lock(job.id)
    try {
      if (!(await isOurs(job))) return
      logger.info({ event: 'item.taken', item: job.id }, 'taken')
      const result = await compute(job.data)
      // A session that was lost has lost the item: another worker has it.
      if ((await backend()) !== session) throw new Error('the session was lost')
      await boss.complete(name, job.id, result)
      logger.info({ event: 'item.done', item: job.id, ...result }, 'done')
    } catch (error) {
      logger.warn(
        { event: 'item.failed', item: job.id, error: errorText(error) },
        'an item failed',
      )
      if ((await backend()) === session)
        await boss.fail(name, job.id, { message: errorText(error) })
    } finally {
      await sql('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [job.id])
    }
  }

  /**
   * Whether an item that is locked is still the one that was fetched: the
   * coordinator may have given it to another worker before it was locked.
   */
  async function isOurs(fetched: PgBoss.JobWithMetadata): Promise<boolean> {
    const now = await boss.getJobById(name, fetched.id)
    return (
      now?.state === 'active' &&
      now.startedOn.getTime() === fetched.startedOn.getTime()
    )
  }

  async function compute(item: WorkItem): Promise<WorkResult> {
    const { source, fileRoot, fileBytes, inputRoot, modelId } = item
    const client = new BlobClient({
      blobs,
      documents,
      sources: () => [source],
    })
    await client.fetchBlob(fileRoot, fileBytes)
    const model = await openModelFile({
      blobs,
      fileRoot,
      modelId,
      folder: join(dataDir, 'traced'),
    })
    const inputs = parseInputsDocument(await client.fetchDocument(inputRoot))
    const steps: StepResult[] = []
    let runMs = 0
    let before = item.before ?? undefined
    for (let at = item.first; at < item.first + item.count; at++) {
      for (const { root, bytes } of segmentBlobs(model, inputs, at, before))
        await client.fetchBlob(root, bytes)
      const ran = await runSegment({
        runner,
        model,
        inputs,
        index: at,
        before,
        reader: blobs,
        spool: blobs.folder,
        mode: item.mode,
        limits: { deadlineMs: item.deadlineMs },
      })
      for (const { carried, outputs } of ran.steps)
        for (const { dataRoot } of [...carried, ...outputs])
          await uploadBlobFile(source, blobs.pathOf(dataRoot), dataRoot)
      const { timings } = ran
      runMs +=
        timings.loadMs + timings.runMs + timings.commitMs + timings.storeMs
      steps.push(...ran.steps)
      before = steps.at(-1)
    }
    return { steps, runMs }
  }

  /** Takes the lock of an item. @returns The session that holds it. */
  async function lock(id: string): Promise<number> {
    const [row] = await sql(
      'SELECT pg_backend_pid() AS pid, pg_advisory_lock(hashtextextended($1, 0))',
      [id],
    )
    return Number(row?.['pid'])
  }

  async function backend(): Promise<number> {
    const [row] = await sql('SELECT pg_backend_pid() AS pid', [])
    return Number(row?.['pid'])
  }

  async function sql(
    text: string,
    values: unknown[],
  ): Promise<Record<string, unknown>[]> {
    const { rows } = await boss.getDb().executeSql(text, values)
    return rows as Record<string, unknown>[]
  }
}
