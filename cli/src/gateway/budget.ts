import type { Database } from '@lynode/runtime'
import { formatAmount, type Hex, LynodeError } from '@lynode/sdk'

const hourMs = 3_600_000

/**
 * What the gateway may spend in any hour. A reservation is written before its
 * order is sent and counts in full until the chain has said what the job cost, so
 * that neither a crash nor an unknown outcome makes room for more.
 */
export class Budget {
  readonly #database: Database
  readonly #perHour: bigint
  /** Milliseconds since the epoch. */
  readonly #clock: () => number

  constructor(
    database: Database,
    perHour: bigint,
    clock: () => number = Date.now,
  ) {
    this.#database = database
    this.#perHour = perHour
    this.#clock = clock
    database.exec(
      'CREATE TABLE IF NOT EXISTS spending (job TEXT PRIMARY KEY, at INTEGER NOT NULL, wei TEXT NOT NULL)',
    )
  }

  /** Reserved and spent within the last hour. */
  spent(): bigint {
    const rows = this.#database
      .prepare('SELECT wei FROM spending WHERE at > ?')
      .all(this.#clock() - hourMs) as { wei: string }[]
    return rows.reduce((sum, { wei }) => sum + BigInt(wei), 0n)
  }

  /** What is left of this hour. */
  left(): bigint {
    const left = this.#perHour - this.spent()
    return left > 0n ? left : 0n
  }

  /**
   * Refuses what does not fit any more.
   *
   * @throws LynodeError `LY-GTW-002`
   */
  check(wei: bigint): void {
    const left = this.left()
    if (wei > left)
      throw new LynodeError('LY-GTW-002', {
        details: `${formatAmount(wei)} is asked, ${formatAmount(left)} of ${formatAmount(this.#perHour)} are left of this hour; more after ${this.secondsToNext()} s`,
      })
  }

  /** Reserves the most that a job can cost. @throws LynodeError `LY-GTW-002` */
  reserve(job: Hex, wei: bigint): void {
    this.check(wei)
    this.#database
      .prepare('DELETE FROM spending WHERE at <= ?')
      .run(this.#clock() - hourMs)
    this.#database
      .prepare('INSERT INTO spending (job, at, wei) VALUES (?, ?, ?)')
      .run(job, this.#clock(), wei.toString())
  }

  /** What a job did cost; 0 when it can cost nothing any more. */
  settle(job: Hex, wei: bigint): void {
    this.#database
      .prepare('UPDATE spending SET wei = ? WHERE job = ?')
      .run(wei.toString(), job)
  }

  /** Seconds until the oldest spending leaves the hour. */
  secondsToNext(): number {
    const row = this.#database
      .prepare("SELECT MIN(at) AS at FROM spending WHERE at > ? AND wei <> '0'")
      .get(this.#clock() - hourMs) as { at: number | null }
    if (row.at === null) return 0
    return Math.max(1, Math.ceil((row.at + hourMs - this.#clock()) / 1_000))
  }
}
