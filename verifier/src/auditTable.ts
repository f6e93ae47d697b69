import { type Database, decodeOrder, encodeOrder } from '@lynode/runtime'
import type { DemandRequest, Hex, Order } from '@lynode/sdk'

/**
 * How far the audit of an execution is: `waiting` for the seed of its epoch;
 * `passed` not sampled, or not for us; `due` drawn, not traced yet; `traced`
 * trace root, finding and salt are stored; `committed` and `revealed` on chain;
 * `withheld` we said that bytes are withheld; `missed` the window closed first.
 */
export type AuditState =
  | 'waiting'
  | 'passed'
  | 'due'
  | 'traced'
  | 'committed'
  | 'revealed'
  | 'withheld'
  | 'missed'

/** What a verifier commits to, and can only reveal if it is not lost. */
export type Attested = { traceRoot: Hex; finding: number; salt: Hex }

/** A delivered execution. */
export type AuditRow = {
  execId: Hex
  jobId: Hex
  attempt: number
  providerId: number
  resultRoot: Hex
  /** Seconds of block time, and of the window. */
  deliveredAt: number
  window: number
  epoch: number
  state: AuditState
  /** Whether the draw took it, for whomever. */
  sampled: boolean
  /** Round of the draw that the state is about. */
  round: number
  attested: Attested | undefined
  /** What follows the reveals is done. */
  followed: boolean
  /** Our stake that the reveal reserved is free again. */
  released: boolean
}

type StoredAudit = {
  exec_id: Hex
  job_id: Hex
  attempt: number
  provider_id: number
  result_root: Hex
  delivered_at: number
  window: number
  epoch: number
  state: AuditState
  sampled: number
  round: number
  trace_root: Hex | null
  finding: number | null
  salt: Hex | null
  followed: number
  released: number
}

/** What a verifier revealed. */
export type RevealRow = {
  execId: Hex
  verifierId: number
  step: number
  finding: number
  traceRoot: Hex
}

/** An attestation that somebody opened to demands. */
export type CaseRow = {
  caseId: Hex
  execId: Hex
  verifierId: number
  step: number
  order: Order
}

type StoredCase = {
  case_id: Hex
  exec_id: Hex
  verifier_id: number
  step: number
  order_json: string
}

/** A demand on a case of ours. */
export type CaseDemand = {
  demandId: Hex
  caseId: Hex
  request: DemandRequest
  deadline: number
}

/** Audits that are not over; each turn reads them, and must not read the history. */
const open = `(state IN ('waiting', 'due', 'traced', 'committed')
  OR (sampled = 1 AND followed = 0) OR (state = 'revealed' AND released = 0))`

/** Audits: what is due, what was found, what was revealed and asked; in SQLite. */
export class AuditTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
    database.exec(`
      CREATE TABLE IF NOT EXISTS audits (
        exec_id TEXT PRIMARY KEY, job_id TEXT NOT NULL, attempt INTEGER NOT NULL,
        provider_id INTEGER NOT NULL, result_root TEXT NOT NULL,
        delivered_at INTEGER NOT NULL, window INTEGER NOT NULL,
        epoch INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'waiting',
        sampled INTEGER NOT NULL DEFAULT 0, round INTEGER NOT NULL DEFAULT 0,
        trace_root TEXT, finding INTEGER, salt TEXT,
        followed INTEGER NOT NULL DEFAULT 0,
        released INTEGER NOT NULL DEFAULT 0);
      CREATE TABLE IF NOT EXISTS reveals (
        exec_id TEXT NOT NULL, verifier_id INTEGER NOT NULL,
        step INTEGER NOT NULL, finding INTEGER NOT NULL,
        trace_root TEXT NOT NULL, PRIMARY KEY (exec_id, verifier_id));
      CREATE TABLE IF NOT EXISTS cases (
        case_id TEXT PRIMARY KEY, exec_id TEXT NOT NULL,
        verifier_id INTEGER NOT NULL, step INTEGER NOT NULL,
        order_json TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS case_verdicts (
        case_id TEXT PRIMARY KEY, verdict TEXT NOT NULL,
        closed INTEGER NOT NULL DEFAULT 0);
      CREATE TABLE IF NOT EXISTS case_demands (
        demand_id TEXT PRIMARY KEY, case_id TEXT NOT NULL,
        request TEXT NOT NULL, deadline INTEGER NOT NULL,
        answered INTEGER NOT NULL DEFAULT 0);
      CREATE INDEX IF NOT EXISTS audits_open ON audits (delivered_at) WHERE ${open}`)
  }

  add(
    row: Pick<
      AuditRow,
      | 'execId'
      | 'jobId'
      | 'attempt'
      | 'providerId'
      | 'resultRoot'
      | 'deliveredAt'
      | 'window'
      | 'epoch'
    >,
  ): void {
    this.#database
      .prepare(
        'INSERT OR IGNORE INTO audits (exec_id, job_id, attempt, provider_id, result_root, delivered_at, window, epoch) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(
        row.execId,
        row.jobId,
        row.attempt,
        row.providerId,
        row.resultRoot,
        row.deliveredAt,
        row.window,
        row.epoch,
      )
  }

  find(execId: Hex): AuditRow | undefined {
    const row = this.#database
      .prepare('SELECT * FROM audits WHERE exec_id = ?')
      .get(execId) as StoredAudit | undefined
    return row && readAudit(row)
  }

  /** Audits that are not over: own work, or what follows the reveals, is left. */
  open(): AuditRow[] {
    return (
      this.#database
        .prepare(
          `SELECT * FROM audits WHERE ${open} ORDER BY delivered_at, rowid`,
        )
        .all() as StoredAudit[]
    ).map(readAudit)
  }

  /** How many audits are in each state. */
  counts(): Record<string, number> {
    const rows = this.#database
      .prepare('SELECT state, COUNT(*) AS count FROM audits GROUP BY 1')
      .all() as { state: string; count: number }[]
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
  }

  setState(execId: Hex, state: AuditState): void {
    this.#database
      .prepare('UPDATE audits SET state = ? WHERE exec_id = ?')
      .run(state, execId)
  }

  /** What the seed of the epoch says. */
  setDrawn(
    execId: Hex,
    drawn: { sampled: boolean; round: number; state: AuditState },
  ): void {
    this.#database
      .prepare(
        'UPDATE audits SET sampled = ?, round = ?, state = ? WHERE exec_id = ?',
      )
      .run(drawn.sampled ? 1 : 0, drawn.round, drawn.state, execId)
  }

  /** Stores what is going to be committed to, before anything is sent: without the salt a commit is an absence. */
  saveAttested(execId: Hex, attested: Attested): void {
    this.#database
      .prepare(
        "UPDATE audits SET trace_root = ?, finding = ?, salt = ?, state = 'traced' WHERE exec_id = ?",
      )
      .run(attested.traceRoot, attested.finding, attested.salt, execId)
  }

  setFollowed(execId: Hex): void {
    this.#database
      .prepare('UPDATE audits SET followed = 1 WHERE exec_id = ?')
      .run(execId)
  }

  setReleased(execId: Hex): void {
    this.#database
      .prepare('UPDATE audits SET released = 1 WHERE exec_id = ?')
      .run(execId)
  }

  addReveal(row: RevealRow): void {
    this.#database
      .prepare('INSERT OR IGNORE INTO reveals VALUES (?, ?, ?, ?, ?)')
      .run(row.execId, row.verifierId, row.step, row.finding, row.traceRoot)
  }

  revealsOf(execId: Hex): RevealRow[] {
    return (
      this.#database
        .prepare('SELECT * FROM reveals WHERE exec_id = ?')
        .all(execId) as {
        exec_id: Hex
        verifier_id: number
        step: number
        finding: number
        trace_root: Hex
      }[]
    ).map((row) => ({
      execId: row.exec_id,
      verifierId: row.verifier_id,
      step: row.step,
      finding: row.finding,
      traceRoot: row.trace_root,
    }))
  }

  addCase(row: CaseRow): void {
    this.#database
      .prepare('INSERT OR IGNORE INTO cases VALUES (?, ?, ?, ?, ?)')
      .run(
        row.caseId,
        row.execId,
        row.verifierId,
        row.step,
        encodeOrder(row.order),
      )
  }

  caseOf(caseId: Hex): CaseRow | undefined {
    const row = this.#database
      .prepare('SELECT * FROM cases WHERE case_id = ?')
      .get(caseId) as StoredCase | undefined
    return row && readCase(row)
  }

  /** Cases of executions that we attested too, or of ours, as long as they are open. */
  openCases(): CaseRow[] {
    return (
      this.#database
        .prepare(
          `SELECT cases.* FROM cases JOIN audits USING (exec_id)
           LEFT JOIN case_verdicts USING (case_id)
           WHERE audits.state = 'revealed' AND COALESCE(closed, 0) = 0`,
        )
        .all() as StoredCase[]
    ).map(readCase)
  }

  /** What our check of another's case found; `undefined` before it. */
  caseVerdict(caseId: Hex): string | undefined {
    const row = this.#database
      .prepare('SELECT verdict FROM case_verdicts WHERE case_id = ?')
      .get(caseId) as { verdict: string } | undefined
    return row?.verdict
  }

  setCaseVerdict(caseId: Hex, verdict: string): void {
    this.#database
      .prepare(
        'INSERT OR IGNORE INTO case_verdicts (case_id, verdict) VALUES (?, ?)',
      )
      .run(caseId, verdict)
  }

  /** Settled or convicted: nothing is left to do. */
  setCaseClosed(caseId: Hex): void {
    this.setCaseVerdict(caseId, 'unchecked')
    this.#database
      .prepare('UPDATE case_verdicts SET closed = 1 WHERE case_id = ?')
      .run(caseId)
  }

  addCaseDemand(row: CaseDemand): void {
    this.#database
      .prepare('INSERT OR IGNORE INTO case_demands VALUES (?, ?, ?, ?, 0)')
      .run(row.demandId, row.caseId, JSON.stringify(row.request), row.deadline)
  }

  /** Demands on cases of ours that are not answered, most urgent first. */
  caseDemands(): CaseDemand[] {
    return (
      this.#database
        .prepare(
          'SELECT * FROM case_demands WHERE answered = 0 ORDER BY deadline',
        )
        .all() as {
        demand_id: Hex
        case_id: Hex
        request: string
        deadline: number
      }[]
    ).map((row) => ({
      demandId: row.demand_id,
      caseId: row.case_id,
      request: JSON.parse(row.request) as DemandRequest,
      deadline: row.deadline,
    }))
  }

  setAnswered(demandId: Hex): void {
    this.#database
      .prepare('UPDATE case_demands SET answered = 1 WHERE demand_id = ?')
      .run(demandId)
  }
}

function readCase(row: StoredCase): CaseRow {
  return {
    caseId: row.case_id,
    execId: row.exec_id,
    verifierId: row.verifier_id,
    step: row.step,
    order: decodeOrder(row.order_json),
  }
}

function readAudit(row: StoredAudit): AuditRow {
  const { trace_root: traceRoot, finding, salt } = row
  return {
    execId: row.exec_id,
    jobId: row.job_id,
    attempt: row.attempt,
    providerId: row.provider_id,
    resultRoot: row.result_root,
    deliveredAt: row.delivered_at,
    window: row.window,
    epoch: row.epoch,
    state: row.state,
    sampled: row.sampled === 1,
    round: row.round,
    attested:
      traceRoot === null || finding === null || salt === null
        ? undefined
        : { traceRoot, finding, salt },
    followed: row.followed === 1,
    released: row.released === 1,
  }
}
