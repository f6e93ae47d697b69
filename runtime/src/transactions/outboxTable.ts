import type { Address, Hex } from 'viem'
import type { Database } from '../store/openDatabase.js'
import type { Fees } from './bumpFees.js'

/** Block in which a transaction was seen. */
export type SeenIn = { number: bigint; hash: Hex }

/** A transaction from its intent until nothing can undo it. */
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
  /** Every hash that was ever sent for it. */
  hashes: Hex[]
  /** The latest signed transaction. */
  raw: Hex
  /** Milliseconds of the wall clock when the latest one was signed. */
  sentAt: number
  /** Where the answer stands, as long as a reorganisation may take it back. */
  seenIn: SeenIn | undefined
  /** Blocks on top of it after which nothing is expected to. */
  confirmations: number
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
  block: number | null
  block_hash: Hex | null
  confirmations: number
  cancelled: number
}

/** Rows about which the chain has not said its last word. */
const open = "(state = 'live' OR block IS NOT NULL)"

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
      sent_at INTEGER NOT NULL, block INTEGER, block_hash TEXT,
      confirmations INTEGER NOT NULL DEFAULT 0,
      cancelled INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (sender, key));
      CREATE TABLE IF NOT EXISTS outbox_requests (
      sender TEXT NOT NULL, nonce INTEGER NOT NULL, request TEXT NOT NULL,
      PRIMARY KEY (sender, nonce))`)
    addColumn(database, 'block INTEGER')
    addColumn(database, 'block_hash TEXT')
    addColumn(database, 'confirmations INTEGER NOT NULL DEFAULT 0')
    addColumn(database, 'cancelled INTEGER NOT NULL DEFAULT 0')
    // Each look reads the open rows: it must not read the history.
    database.exec(
      `CREATE INDEX IF NOT EXISTS outbox_open ON outbox (sender, nonce) WHERE ${open}`,
    )
  }

  /** Inserts or replaces a row. */
  save(row: OutboxRow): void {
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO outbox (sender, key, kind, target, data, gas,
         nonce, max_fee, max_tip, state, hashes, raw, sent_at, block, block_hash,
         confirmations, cancelled)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
        row.seenIn === undefined ? null : Number(row.seenIn.number),
        row.seenIn?.hash ?? null,
        row.confirmations,
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

  /** Rows that are not mined, or that a reorganisation may undo, by nonce. */
  open(): OutboxRow[] {
    return (
      this.#database
        .prepare(
          `SELECT * FROM outbox WHERE sender = ? AND ${open} ORDER BY nonce`,
        )
        .all(this.#sender) as StoredRow[]
    ).map(readRow)
  }

  /** Rows whose receipt is awaited, by nonce. */
  live(): OutboxRow[] {
    return this.open().filter(({ state }) => state === 'live')
  }
}

/** Adds a column to the table of an earlier version. */
function addColumn(database: Database, definition: string): void {
  const [name] = definition.split(' ')
  const columns = database.prepare('PRAGMA table_info(outbox)').all() as {
    name: string
  }[]
  if (!columns.some((column) => column.name === name))
    database.exec(`ALTER TABLE outbox ADD COLUMN ${definition}`)
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
    seenIn:
      row.block === null || row.block_hash === null
        ? undefined
        : { number: BigInt(row.block), hash: row.block_hash },
    confirmations: row.confirmations,
    cancelled: row.cancelled === 1,
  }
}
