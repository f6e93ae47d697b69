import {
  type Database,
  decodeOrder,
  type ExecutionFingerprint,
  encodeOrder,
} from '@lynode/runtime'
import type { Hex, Order } from '@lynode/sdk'

/**
 * What this daemon has to do with a job: `open` may be locked; `skipped` by us;
 * `failed` is a lock of ours that expired; `taken` by another; `locked` or
 * `delivered` by us; `done` needs nothing.
 */
export type JobState =
  | 'open'
  | 'skipped'
  | 'failed'
  | 'taken'
  | 'locked'
  | 'delivered'
  | 'done'

/** A job that was announced, locked or posted. */
export type JobRow = {
  jobId: Hex
  order: Order
  signature: Hex
  /** Ids behind the order's `allowedRoot`, where it came with them. */
  allowed: number[] | undefined
  state: JobState
  /** Why it is not taken, or done. */
  reason: string
  /** Result root of our own run of `attempt`. */
  resultRoot: Hex | undefined
  attempt: number
}

/** An order that was seen and not taken. */
export type SkippedJob = Pick<JobRow, 'jobId' | 'order' | 'state' | 'reason'>

type StoredRow = {
  job_id: Hex
  order_json: string
  signature: Hex
  state: JobState
  reason: string
  result_root: Hex | null
  attempt: number
  ids: string | null
}

const select =
  'SELECT jobs.*, job_allowed.ids FROM jobs LEFT JOIN job_allowed USING (job_id)'

/** Jobs in SQLite. What the chain says wins over every row. */
export class JobTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
    database.exec(`CREATE TABLE IF NOT EXISTS jobs (
      job_id TEXT PRIMARY KEY, order_json TEXT NOT NULL,
      signature TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
      result_root TEXT, attempt INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS job_allowed (
      job_id TEXT PRIMARY KEY, ids TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS fingerprints (
      job_id TEXT NOT NULL, attempt INTEGER NOT NULL, json TEXT NOT NULL,
      PRIMARY KEY (job_id, attempt));
      CREATE INDEX IF NOT EXISTS jobs_active ON jobs (state) WHERE state <> 'done'`)
  }

  /**
   * Adds a job; one that is known stays as it is, but learns a signature that it
   * lacked: an auction is opened without one.
   */
  add(
    jobId: Hex,
    order: Order,
    signature: Hex,
    allowed?: readonly number[] | undefined,
  ): void {
    this.#database
      .prepare(
        `INSERT INTO jobs VALUES (?, ?, ?, 'open', '', NULL, 0)
         ON CONFLICT (job_id) DO UPDATE SET signature = excluded.signature
         WHERE jobs.signature = '0x'`,
      )
      .run(jobId, encodeOrder(order), signature)
    if (allowed !== undefined)
      this.#database
        .prepare('INSERT OR IGNORE INTO job_allowed VALUES (?, ?)')
        .run(jobId, JSON.stringify(allowed))
  }

  find(jobId: Hex): JobRow | undefined {
    const row = this.#database
      .prepare(`${select} WHERE job_id = ?`)
      .get(jobId) as StoredRow | undefined
    return row && readRow(row)
  }

  /** Replaces what is kept as the signature of an order. */
  setSignature(jobId: Hex, signature: Hex): void {
    this.#database
      .prepare('UPDATE jobs SET signature = ? WHERE job_id = ?')
      .run(signature, jobId)
  }

  /**
   * Jobs that may need something. One that was skipped does not, unless a bid was
   * made for it, until an event says that it is locked or open again.
   */
  active(): JobRow[] {
    return (
      this.#database
        .prepare(`${select} WHERE state NOT IN ('done', 'skipped')`)
        .all() as StoredRow[]
    ).map(readRow)
  }

  inState(state: JobState): JobRow[] {
    return (
      this.#database
        .prepare(`${select} WHERE state = ?`)
        .all(state) as StoredRow[]
    ).map(readRow)
  }

  idsInState(state: JobState): Hex[] {
    return (
      this.#database
        .prepare('SELECT job_id FROM jobs WHERE state = ?')
        .all(state) as { job_id: Hex }[]
    ).map(({ job_id }) => job_id)
  }

  /** How many jobs there are in each state. */
  counts(): Partial<Record<JobState, number>> {
    const rows = this.#database
      .prepare('SELECT state, COUNT(*) AS count FROM jobs GROUP BY state')
      .all() as { state: JobState; count: number }[]
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
  }

  /** Orders that were seen and not taken, the newest first. */
  skipped(limit: number): SkippedJob[] {
    return (
      this.#database
        .prepare(
          `${select} WHERE result_root IS NULL
           AND (state IN ('open', 'skipped', 'failed', 'taken') OR reason <> '')
           ORDER BY jobs.rowid DESC LIMIT ?`,
        )
        .all(limit) as StoredRow[]
    ).map(readRow)
  }

  setState(jobId: Hex, state: JobState, reason = ''): void {
    this.#database
      .prepare('UPDATE jobs SET state = ?, reason = ? WHERE job_id = ?')
      .run(state, reason, jobId)
  }

  /** Says why an order waits; one that is no longer open keeps its reason. */
  note(jobId: Hex, reason: string): void {
    this.#database
      .prepare("UPDATE jobs SET reason = ? WHERE job_id = ? AND state = 'open'")
      .run(reason, jobId)
  }

  /** Remembers a run of ours and what made its bits (B7). */
  setResult(
    jobId: Hex,
    attempt: number,
    resultRoot: Hex,
    fingerprint: ExecutionFingerprint,
  ): void {
    // One commit for both: each one waits for the disk.
    this.#database.transaction(() => {
      this.#database
        .prepare('INSERT OR REPLACE INTO fingerprints VALUES (?, ?, ?)')
        .run(jobId, attempt, JSON.stringify(fingerprint))
      this.#database
        .prepare(
          'UPDATE jobs SET result_root = ?, attempt = ? WHERE job_id = ?',
        )
        .run(resultRoot, attempt, jobId)
    })()
  }

  /** How the run of an attempt was executed: its trace must be, too. */
  fingerprintOf(jobId: Hex, attempt: number): ExecutionFingerprint | undefined {
    const row = this.#database
      .prepare('SELECT json FROM fingerprints WHERE job_id = ? AND attempt = ?')
      .get(jobId, attempt) as { json: string } | undefined
    return row && (JSON.parse(row.json) as ExecutionFingerprint)
  }
}

function readRow(row: StoredRow): JobRow {
  return {
    jobId: row.job_id,
    order: decodeOrder(row.order_json),
    signature: row.signature,
    allowed: row.ids === null ? undefined : (JSON.parse(row.ids) as number[]),
    state: row.state,
    reason: row.reason,
    resultRoot: row.result_root ?? undefined,
    attempt: row.attempt,
  }
}
