import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Daemon,
  errorText,
  fingerprintOf,
  type Runner,
} from '@lynode/runtime'
import { LynodeError } from '@lynode/sdk'
import PgBoss from 'pg-boss'

import {
  queueNameOf,
  queueSchema,
  type WorkItem,
  type WorkResult,
} from './workItem.js'

export type WorkQueueOptions = {
  /** `postgres://...` */
  url: string
  /** What runs here: workers must be of the same kind. */
  runner: Pick<Runner, 'executionProvider' | 'threads'>
  logger: Pick<Daemon['logger'], 'warn' | 'info'>
  /** Pause between two looks at what is waited for. Default 100 ms. */
  pollMs?: number | undefined
}

/** How often an item may come back from a worker that died or failed. */
const retryLimit = 5

/** Time after which a worker that took an item must hold its lock. */
const graceMs = 2_000

/**
 * The coordinator's end of the queue: hands out items, waits for their results,
 * and gives an item to another worker as soon as the one that has it is gone. A
 * worker holds a lock of its database session on what it works at, and the
 * database frees it when the session ends, however it ends.
 */
export class WorkQueue {
  readonly #boss: PgBoss
  readonly #options: WorkQueueOptions
  readonly #name: string
  #closed = false

  private constructor(boss: PgBoss, options: WorkQueueOptions) {
    this.#boss = boss
    this.#options = options
    this.#name = queueNameOf(fingerprintOf(options.runner, 'plain'))
  }

  /** @throws LynodeError `LY-QUEUE-001` when the database cannot be had. */
  static async open(options: WorkQueueOptions): Promise<WorkQueue> {
    const boss = new PgBoss({
      connectionString: options.url,
      schema: queueSchema,
      application_name: 'lynode coordinator',
      schedule: false,
    })
    boss.on('error', (error) =>
      options.logger.warn(
        { event: 'queue.error', error: errorText(error) },
        'the queue failed',
      ),
    )
    const queue = new WorkQueue(boss, options)
    try {
      await boss.start()
      await boss.createQueue(queue.#name)
    } catch (cause) {
      await boss.stop({ graceful: false }).catch(() => undefined) // it was never open
      throw new LynodeError('LY-QUEUE-001', {
        details: errorText(cause),
        cause,
      })
    }
    options.logger.info(
      { event: 'queue.open', queue: queue.#name },
      'workers may come',
    )
    return queue
  }

  /**
   * Has an item done. An item that was queued before, by an earlier process, is
   * waited for and not queued again.
   *
   * @throws LynodeError `LY-QUEUE-003` when workers gave it up.
   */
  async run(id: string, item: WorkItem): Promise<WorkResult> {
    const seconds = Math.ceil((item.deadlineMs * item.count) / 1_000)
    const send = () =>
      this.#boss.send(this.#name, item, {
        id,
        retryLimit,
        retryDelay: 0,
        // The last resort, where a worker lives and does nothing.
        expireInSeconds: Math.min(seconds + 60, 86_000),
      })
    await send()
    for (;;) {
      if (this.#closed) throw gaveUp('the queue is closed')
      const job = await this.#boss.getJobById<WorkItem>(this.#name, id, {
        includeArchive: true,
      })
      switch (job?.state) {
        case undefined: // somebody emptied the queue
          await send()
          break
        case 'completed':
          return job.output as WorkResult
        case 'failed':
        case 'cancelled':
          // The next attempt starts anew.
          await this.#boss.deleteJob(this.#name, id)
          throw gaveUp(JSON.stringify(job.output))
        case 'active':
          if (Date.now() - job.startedOn.getTime() > graceMs)
            await this.#returnOrphan(id)
          break
        default: // it waits
      }
      await sleep(this.#options.pollMs ?? 100)
    }
  }

  /** Ends the connection; whoever waits is told so. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#boss.stop({ graceful: false, wait: true })
  }

  /** Queues an item again whose worker's session has ended. */
  async #returnOrphan(id: string): Promise<void> {
    // Both in one statement: nobody takes the lock in between.
    const { rows } = await this.#boss
      .getDb()
      .executeSql(
        'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS free',
        [id],
      )
    if ((rows[0] as { free: boolean } | undefined)?.free !== true) return
    await this.#boss.fail(this.#name, id, { message: 'its worker is gone' })
    this.#options.logger.warn(
      { event: 'queue.orphan', item: id },
      'a worker is gone; another one gets its work',
    )
  }
}

function gaveUp(details: string): LynodeError {
  return new LynodeError('LY-QUEUE-003', { details })
}
