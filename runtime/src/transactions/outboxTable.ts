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
}

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
      sent_at INTEGER NOT NULL, PRIMARY KEY (sender, key))`)
  }

  /** Inserts or replaces a row. */
  save(row: OutboxRow): void {
    this.#database
      .prepare(
        'INSERT OR REPLACE INTO outbox VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
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
      )
  }

  find(key: string): OutboxRow | undefined {
    const row = this.#database
      .prepare('SELECT * FROM outbox WHERE sender = ? AND key = ?')
      .get(this.#sender, key) as StoredRow | undefined
    return row && readRow(row)
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
  }
}
