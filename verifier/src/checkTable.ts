import { type Database, decodeOrder, encodeOrder } from '@lynode/runtime'
import { chunkBytes, type Hex, type Order } from '@lynode/sdk'

/** Every {@link Verdict}. */
export const verdicts = [
  'ok',
  'tolerated',
  'fraud',
  'withheld',
  'unchecked',
  'closed',
  'unproved',
  'differs',
  'provable',
] as const

/**
 * What became of an execution: `ok` the same bits; `tolerated` other bits, but
 * every element that was looked at lies inside its bound; `fraud` convicted by a
 * proof; `withheld` convicted by silence; `unchecked` model or inputs could not
 * be had; `closed` it was over before the check; `unproved` class zk, and its
 * proof does not hold. Where nothing may be sent also `differs` other bits, and
 * what was committed to is not shown; `provable` an element is wrong.
 */
export type Verdict = (typeof verdicts)[number]

/** An execution to check. */
export type CheckRow = {
  execId: Hex
  jobId: Hex
  attempt: number
  providerId: number
  resultRoot: Hex
  verdict: Verdict | undefined
}

type StoredCheck = {
  exec_id: Hex
  job_id: Hex
  attempt: number
  provider_id: number
  result_root: Hex
  verdict: Verdict | null
}

/** Jobs, executions and what the chain said about them, in SQLite. */
export class CheckTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
    database.exec(`
      CREATE TABLE IF NOT EXISTS orders (
        job_id TEXT PRIMARY KEY, order_json TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS locks (
        job_id TEXT PRIMARY KEY, attempt INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS checks (
        exec_id TEXT PRIMARY KEY, job_id TEXT NOT NULL, attempt INTEGER NOT NULL,
        provider_id INTEGER NOT NULL, result_root TEXT NOT NULL, verdict TEXT,
        details TEXT NOT NULL DEFAULT '');
      CREATE INDEX IF NOT EXISTS checks_open ON checks (verdict)
        WHERE verdict IS NULL;
      CREATE TABLE IF NOT EXISTS traces (
        exec_id TEXT NOT NULL, step INTEGER NOT NULL, roots TEXT NOT NULL,
        PRIMARY KEY (exec_id, step));
      CREATE TABLE IF NOT EXISTS chunks (
        exec_id TEXT NOT NULL, step INTEGER NOT NULL, value INTEGER NOT NULL,
        chunk INTEGER NOT NULL, data_root TEXT NOT NULL, data TEXT NOT NULL,
        PRIMARY KEY (exec_id, step, value, chunk));
      CREATE TABLE IF NOT EXISTS states (
        exec_id TEXT NOT NULL, step INTEGER NOT NULL, roots TEXT NOT NULL,
        PRIMARY KEY (exec_id, step));
      CREATE TABLE IF NOT EXISTS witnesses (
        exec_id TEXT NOT NULL, step INTEGER NOT NULL, value INTEGER NOT NULL,
        element INTEGER NOT NULL, positions TEXT NOT NULL,
        PRIMARY KEY (exec_id, step, value, element));
      CREATE TABLE IF NOT EXISTS own_demands (
        demand_id TEXT PRIMARY KEY, exec_id TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS deadlines (
        demand_id TEXT PRIMARY KEY, job_id TEXT NOT NULL,
        deadline INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS proofs (
        exec_id TEXT PRIMARY KEY, salt TEXT NOT NULL, proof TEXT NOT NULL)`)
  }

  addOrder(jobId: Hex, order: Order): void {
    this.#database
      .prepare('INSERT OR IGNORE INTO orders VALUES (?, ?)')
      .run(jobId, encodeOrder(order))
  }

  orderOf(jobId: Hex): Order | undefined {
    const row = this.#database
      .prepare('SELECT order_json FROM orders WHERE job_id = ?')
      .get(jobId) as { order_json: string } | undefined
    return row && decodeOrder(row.order_json)
  }

  /** Remembers the attempt of the latest lock of a job. */
  addLock(jobId: Hex, attempt: number): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO locks VALUES (?, ?)')
      .run(jobId, attempt)
  }

  /** Attempt of the latest lock; `undefined` if that came before we watched. */
  attemptOf(jobId: Hex): number | undefined {
    const row = this.#database
      .prepare('SELECT attempt FROM locks WHERE job_id = ?')
      .get(jobId) as { attempt: number } | undefined
    return row?.attempt
  }

  /**
   * Adds an execution. After a reorganisation it may come again with another
   * result, which is another thing to check.
   */
  addCheck(row: Omit<CheckRow, 'verdict'>): void {
    this.#database
      .prepare(
        `INSERT INTO checks (exec_id, job_id, attempt, provider_id, result_root) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (exec_id) DO UPDATE SET result_root = excluded.result_root,
         verdict = NULL, details = '' WHERE checks.result_root <> excluded.result_root`,
      )
      .run(row.execId, row.jobId, row.attempt, row.providerId, row.resultRoot)
  }

  /** Executions without a verdict, oldest first. */
  pending(): CheckRow[] {
    return (
      this.#database
        .prepare('SELECT * FROM checks WHERE verdict IS NULL ORDER BY rowid')
        .all() as StoredCheck[]
    ).map((row) => ({
      execId: row.exec_id,
      jobId: row.job_id,
      attempt: row.attempt,
      providerId: row.provider_id,
      resultRoot: row.result_root,
      verdict: row.verdict ?? undefined,
    }))
  }

  /** How many executions have each verdict; `pending` have none yet. */
  counts(): Record<string, number> {
    const rows = this.#database
      .prepare(
        "SELECT COALESCE(verdict, 'pending') AS verdict, COUNT(*) AS count FROM checks GROUP BY 1",
      )
      .all() as { verdict: string; count: number }[]
    return Object.fromEntries(
      rows.map(({ verdict, count }) => [verdict, count]),
    )
  }

  /** Takes the verdicts on a job back. */
  reopen(jobId: Hex): void {
    this.#database
      .prepare('UPDATE checks SET verdict = NULL WHERE job_id = ?')
      .run(jobId)
  }

  /** Sets what a check found, unless another result came in its place meanwhile. */
  setVerdict(
    { execId, resultRoot }: Pick<CheckRow, 'execId' | 'resultRoot'>,
    verdict: Verdict,
    details: object,
  ): void {
    this.#database
      .prepare(
        'UPDATE checks SET verdict = ?, details = ? WHERE exec_id = ? AND result_root = ?',
      )
      .run(verdict, JSON.stringify(details), execId, resultRoot)
  }

  addTrace(execId: Hex, step: number, roots: readonly Hex[]): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO traces VALUES (?, ?, ?)')
      .run(execId, step, JSON.stringify(roots))
  }

  /** Tensor roots that the provider posted. */
  traceOf(execId: Hex, step: number): Hex[] | undefined {
    const row = this.#database
      .prepare('SELECT roots FROM traces WHERE exec_id = ? AND step = ?')
      .get(execId, step) as { roots: string } | undefined
    return row && (JSON.parse(row.roots) as Hex[])
  }

  addStates(execId: Hex, step: number, roots: readonly Hex[]): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO states VALUES (?, ?, ?)')
      .run(execId, step, JSON.stringify(roots))
  }

  /** What the steps of a segment carried, as posted; by its first step. */
  statesOf(execId: Hex, step: number): Hex[] | undefined {
    const row = this.#database
      .prepare('SELECT roots FROM states WHERE exec_id = ? AND step = ?')
      .get(execId, step) as { roots: string } | undefined
    return row && (JSON.parse(row.roots) as Hex[])
  }

  addChunks(
    execId: Hex,
    opened: {
      step: number
      value: number
      chunk: number
      dataRoot: Hex
      data: Hex
    },
  ): void {
    const { step, value, chunk, dataRoot, data } = opened
    const insert = this.#database.prepare(
      'INSERT OR REPLACE INTO chunks VALUES (?, ?, ?, ?, ?, ?)',
    )
    // One by one, because anybody chooses the ranges that are asked for.
    const digits = data.slice(2)
    for (let at = 0; at < digits.length; at += 2 * chunkBytes)
      insert.run(
        execId,
        step,
        value,
        chunk + at / (2 * chunkBytes),
        dataRoot,
        `0x${digits.slice(at, at + 2 * chunkBytes)}`,
      )
  }

  /** Chunks `first` .. `first + count - 1`, once answers have opened all of them. */
  chunksAt(
    execId: Hex,
    step: number,
    value: number,
    first: number,
    count: number,
  ): { dataRoot: Hex; data: Hex } | undefined {
    const rows = this.#database
      .prepare(
        'SELECT data_root, data FROM chunks WHERE exec_id = ? AND step = ? AND value = ? AND chunk >= ? AND chunk < ? ORDER BY chunk',
      )
      .all(execId, step, value, first, first + count) as {
      data_root: Hex
      data: Hex
    }[]
    const [row] = rows
    if (row === undefined || rows.length < count) return undefined
    const data = rows.map((each) => each.data.slice(2)).join('')
    return { dataRoot: row.data_root, data: `0x${data}` }
  }

  addWitness(
    execId: Hex,
    named: {
      step: number
      value: number
      element: number
      positions: readonly number[]
    },
  ): void {
    const { step, value, element, positions } = named
    this.#database
      .prepare('INSERT OR IGNORE INTO witnesses VALUES (?, ?, ?, ?, ?)')
      .run(execId, step, value, element, JSON.stringify(positions))
  }

  /** What the provider says that decides an element (A8). */
  witnessOf(
    execId: Hex,
    step: number,
    value: number,
    element: number,
  ): number[] | undefined {
    const row = this.#database
      .prepare(
        'SELECT positions FROM witnesses WHERE exec_id = ? AND step = ? AND value = ? AND element = ?',
      )
      .get(execId, step, value, element) as { positions: string } | undefined
    return row && (JSON.parse(row.positions) as number[])
  }

  addDeadline(row: { demandId: Hex; jobId: Hex; deadline: number }): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO deadlines VALUES (?, ?, ?)')
      .run(row.demandId, row.jobId, row.deadline)
  }

  /** Demands of anybody whose deadline is at or before a time. */
  dueBy(time: number): { demandId: Hex; jobId: Hex; deadline: number }[] {
    return (
      this.#database
        .prepare('SELECT * FROM deadlines WHERE deadline <= ?')
        .all(time) as { demand_id: Hex; job_id: Hex; deadline: number }[]
    ).map(({ demand_id: demandId, job_id: jobId, deadline }) => ({
      demandId,
      jobId,
      deadline,
    }))
  }

  removeDeadline(demandId: Hex): void {
    this.#database
      .prepare('DELETE FROM deadlines WHERE demand_id = ?')
      .run(demandId)
  }

  addOwnDemand(demandId: Hex, execId: Hex): void {
    this.#database
      .prepare('INSERT OR IGNORE INTO own_demands VALUES (?, ?)')
      .run(demandId, execId)
  }

  /** Demands of ours whose bond is still out. */
  ownDemands(): { demandId: Hex; execId: Hex }[] {
    return (
      this.#database.prepare('SELECT * FROM own_demands').all() as {
        demand_id: Hex
        exec_id: Hex
      }[]
    ).map((row) => ({ demandId: row.demand_id, execId: row.exec_id }))
  }

  removeOwnDemand(demandId: Hex): void {
    this.#database
      .prepare('DELETE FROM own_demands WHERE demand_id = ?')
      .run(demandId)
  }

  /** Stores salt and proof before the commit: without them its bond is lost. */
  saveProof(execId: Hex, salt: Hex, proof: string): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO proofs VALUES (?, ?, ?)')
      .run(execId, salt, proof)
  }

  proofOf(execId: Hex): { salt: Hex; proof: string } | undefined {
    return this.#database
      .prepare('SELECT salt, proof FROM proofs WHERE exec_id = ?')
      .get(execId) as { salt: Hex; proof: string } | undefined
  }
}
