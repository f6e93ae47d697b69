import type { Database } from '@lynode/runtime'
import type { DemandRequest, Hex } from '@lynode/sdk'

/** A demand on one of our executions. */
export type DemandRow = {
  demandId: Hex
  execId: Hex
  jobId: Hex
  request: DemandRequest
  /** Block time by which it must be answered. */
  deadline: number
}

/** A committed proof on one of our executions. */
export type CommitRow = { commitId: Hex; execId: Hex; revealBy: number }

type StoredDemand = {
  demand_id: Hex
  exec_id: Hex
  job_id: Hex
  request: string
  deadline: number
}

/** What others have asked of our executions; rows leave when nothing is owed. */
export class DutyTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
    database.exec(`CREATE TABLE IF NOT EXISTS demands (
      demand_id TEXT PRIMARY KEY, exec_id TEXT NOT NULL, job_id TEXT NOT NULL,
      request TEXT NOT NULL, deadline INTEGER NOT NULL, state TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS commits (
      commit_id TEXT PRIMARY KEY, exec_id TEXT NOT NULL,
      reveal_by INTEGER NOT NULL)`)
  }

  /**
   * Adds a demand. One that comes again may have lost its answer to a
   * reorganisation, and may have another deadline: it is open until the chain
   * says otherwise.
   */
  addDemand(row: DemandRow): void {
    this.#database
      .prepare("INSERT OR REPLACE INTO demands VALUES (?, ?, ?, ?, ?, 'open')")
      .run(
        row.demandId,
        row.execId,
        row.jobId,
        JSON.stringify(row.request),
        row.deadline,
      )
  }

  /** Unanswered demands of an execution, most urgent first. */
  open(execId: Hex): DemandRow[] {
    return this.#demands(execId, 'open')
  }

  /** Unanswered demands of all executions, most urgent first. */
  unanswered(): DemandRow[] {
    return (
      this.#database
        .prepare("SELECT * FROM demands WHERE state = 'open' ORDER BY deadline")
        .all() as StoredDemand[]
    ).map(readDemand)
  }

  /** Demands of an execution whose bond has not been claimed. */
  answered(execId: Hex): DemandRow[] {
    return this.#demands(execId, 'answered')
  }

  setDemand(demandId: Hex, state: 'open' | 'answered' | 'closed'): void {
    this.#database
      .prepare('UPDATE demands SET state = ? WHERE demand_id = ?')
      .run(state, demandId)
  }

  addCommit(row: CommitRow): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO commits VALUES (?, ?, ?)')
      .run(row.commitId, row.execId, row.revealBy)
  }

  commits(execId: Hex): CommitRow[] {
    return (
      this.#database
        .prepare('SELECT * FROM commits WHERE exec_id = ?')
        .all(execId) as { commit_id: Hex; exec_id: Hex; reveal_by: number }[]
    ).map((row) => ({
      commitId: row.commit_id,
      execId: row.exec_id,
      revealBy: row.reveal_by,
    }))
  }

  removeCommit(commitId: Hex): void {
    this.#database
      .prepare('DELETE FROM commits WHERE commit_id = ?')
      .run(commitId)
  }

  #demands(execId: Hex, state: string): DemandRow[] {
    return (
      this.#database
        .prepare(
          'SELECT * FROM demands WHERE exec_id = ? AND state = ? ORDER BY deadline',
        )
        .all(execId, state) as StoredDemand[]
    ).map(readDemand)
  }
}

function readDemand(row: StoredDemand): DemandRow {
  return {
    demandId: row.demand_id,
    execId: row.exec_id,
    jobId: row.job_id,
    request: JSON.parse(row.request) as DemandRequest,
    deadline: row.deadline,
  }
}
