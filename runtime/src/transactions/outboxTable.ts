import type { Address, Hex } from 'viem'
import type { Database } from '../store/openDatabase.js'
import type { Fees } from './bumpFees.js'

/** A transaction from its intent to its receipt. */
export type OutboxRow = {
  key: string
  kind: string
  target: Address
  data: Hex
  gas: bigint
  nonce: number
  fees: Fees
  /** `live` until the chain has answered. */
  state: 'live' | 'mined' | 'reverted'
  /** Every hash that was ever sent under this nonce. */
  hashes: Hex[]
  /** The latest signed transaction. */
  raw: Hex
  /** Milliseconds of the wall clock at the last broadcast. */
  sentAt: number
  /** Its latest transaction is one of nothing to oneself. */
  cancelled: boolean
}

/** What the owner of the key asks for a waiting transaction. */
export type OutboxRequest = 'bump' | 'cancel'

type StoredRow = {
  key: string
  kind: string
  target: Address
  data: Hex
  gas: string
  nonce: number
  max_fee: string
  max_tip: string
  state: OutboxRow['state']
  hashes: string
  raw: Hex
  sent_at: number
  cancelled: number
}

/** Intents of one key, in SQLite. */
export class OutboxTable {
  readonly #database: Database
  readonly #sender: string

  constructor(database: Database, sender: Address) {
    this.#database = database
    this.#sender = sender.toLowerCase()
    database.exec(`CREATE TABLE IF NOT EXISTS outbox (
      sender TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL,
      target TEXT NOT NULL, data TEXT NOT NULL, gas TEXT NOT NULL,
      nonce INTEGER NOT NULL, max_fee TEXT NOT NULL, max_tip TEXT NOT NULL,
      state TEXT NOT NULL, hashes TEXT NOT NULL, raw TEXT NOT NULL,
      sent_at INTEGER NOT NULL, cancelled INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (sender, key));
      CREATE TABLE IF NOT EXISTS outbox_requests (
      sender TEXT NOT NULL, nonce INTEGER NOT NULL, request TEXT NOT NULL,
      PRIMARY KEY (sender, nonce))`)
    // Tables of before it could be cancelled.
    const columns = database.prepare('PRAGMA table_info(outbox)').all() as {
      name: string
    }[]
    if (!columns.some(({ name }) => name === 'cancelled'))
      database.exec(
        'ALTER TABLE outbox ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0',
      )
  }

  /** Inserts or replaces a row. */
  save(row: OutboxRow): void {
    this.#database
      .prepare(
        'INSERT OR REPLACE INTO outbox VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(
        this.#sender,
        row.key,
        row.kind,
        row.target,
        row.data,
        String(row.gas),
        row.nonce,
        String(row.fees.maxFeePerGas),
        String(row.fees.maxPriorityFeePerGas),
        row.state,
        JSON.stringify(row.hashes),
        row.raw,
        row.sentAt,
        row.cancelled ? 1 : 0,
      )
  }

  find(key: string): OutboxRow | undefined {
    const row = this.#database
      .prepare('SELECT * FROM outbox WHERE sender = ? AND key = ?')
      .get(this.#sender, key) as StoredRow | undefined
    return row && readRow(row)
  }

  /** What the owner asks for the transaction of a nonce. */
  requestOf(nonce: number): OutboxRequest | undefined {
    const row = this.#database
      .prepare(
        'SELECT request FROM outbox_requests WHERE sender = ? AND nonce = ?',
      )
      .get(this.#sender, nonce) as { request: OutboxRequest } | undefined
    return row?.request
  }

  request(nonce: number, request: OutboxRequest): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO outbox_requests VALUES (?, ?, ?)')
      .run(this.#sender, nonce, request)
  }

  dropRequest(nonce: number): void {
    this.#database
      .prepare('DELETE FROM outbox_requests WHERE sender = ? AND nonce = ?')
      .run(this.#sender, nonce)
  }

  /** The newest rows, whatever became of them. */
  latest(limit: number): OutboxRow[] {
    return (
      this.#database
        .prepare(
          'SELECT * FROM outbox WHERE sender = ? ORDER BY nonce DESC LIMIT ?',
        )
        .all(this.#sender, limit) as StoredRow[]
    ).map(readRow)
  }

  /** Rows whose receipt is awaited, by nonce. */
  live(): OutboxRow[] {
    return (
      this.#database
        .prepare(
          "SELECT * FROM outbox WHERE sender = ? AND state = 'live' ORDER BY nonce",
        )
        .all(this.#sender) as StoredRow[]
    ).map(readRow)
  }
}

function readRow(row: StoredRow): OutboxRow {
  return {
    key: row.key,
    kind: row.kind,
    target: row.target,
    data: row.data,
    gas: BigInt(row.gas),
    nonce: row.nonce,
    fees: {
      maxFeePerGas: BigInt(row.max_fee),
      maxPriorityFeePerGas: BigInt(row.max_tip),
    },
    state: row.state,
    hashes: JSON.parse(row.hashes) as Hex[],
    raw: row.raw,
    sentAt: row.sent_at,
    cancelled: row.cancelled === 1,
  }
}
