import type { RelayKind } from '@lynode/sdk'
import type { Database } from '../store/openDatabase.js'

/** A signed message in the store. */
export type RelayItem = {
  /** Rises with every new item: readers go on behind the last one they saw. */
  sequence: number
  /** Job id, offer id, or `provider-N`. */
  id: string
  /** The message as JSON. */
  body: string
}

export type RelayEntry = {
  kind: RelayKind
  id: string
  /** Who pays for the place: requester or provider. */
  sender: string
  body: string
  /** Unix seconds from which nobody needs it. */
  expiry: number
}

/** Live items of one sender and kind; the oldest leaves first. */
const perSender = 256

/** Signed orders, offers and heartbeats in SQLite until they expire. */
export class RelayStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
    database.exec(`CREATE TABLE IF NOT EXISTS relay (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL, id TEXT NOT NULL, sender TEXT NOT NULL,
      body TEXT NOT NULL, expiry INTEGER NOT NULL, UNIQUE (kind, id));
      CREATE INDEX IF NOT EXISTS relay_sender ON relay (kind, sender, sequence);
      CREATE TABLE IF NOT EXISTS relay_cursors (
      peer TEXT NOT NULL, kind TEXT NOT NULL, sequence INTEGER NOT NULL,
      PRIMARY KEY (peer, kind))`)
  }

  get(kind: RelayKind, id: string): string | undefined {
    const row = this.#database
      .prepare('SELECT body FROM relay WHERE kind = ? AND id = ?')
      .get(kind, id) as { body: string } | undefined
    return row?.body
  }

  /** Unix seconds from which nobody needs an item; 0 for one that is not here. */
  expiryOf(kind: RelayKind, id: string): number {
    const row = this.#database
      .prepare('SELECT expiry FROM relay WHERE kind = ? AND id = ?')
      .get(kind, id) as { expiry: number } | undefined
    return row?.expiry ?? 0
  }

  /** Adds an item, or replaces the one of its id and gives it a new sequence. */
  put({ kind, id, sender, body, expiry }: RelayEntry): void {
    this.#database
      .transaction(() => {
        this.#database
          .prepare('DELETE FROM relay WHERE kind = ? AND id = ?')
          .run(kind, id)
        this.#database
          .prepare(
            'INSERT INTO relay (kind, id, sender, body, expiry) VALUES (?, ?, ?, ?, ?)',
          )
          .run(kind, id, sender, body, expiry)
        // Nobody fills the store: beyond its share a sender displaces itself.
        this.#database
          .prepare(
            `DELETE FROM relay WHERE kind = ? AND sender = ? AND sequence <=
             (SELECT sequence FROM relay WHERE kind = ? AND sender = ?
              ORDER BY sequence DESC LIMIT 1 OFFSET ?)`,
          )
          .run(kind, sender, kind, sender, perSender)
      })
      .immediate()
  }

  /** Items behind a sequence, oldest first. */
  list(kind: RelayKind, after: number, limit: number): RelayItem[] {
    return this.#database
      .prepare(
        'SELECT sequence, id, body FROM relay WHERE kind = ? AND sequence > ? ORDER BY sequence LIMIT ?',
      )
      .all(kind, after, limit) as RelayItem[]
  }

  /** The newest sequence that was ever given; 0 before the first. */
  latest(kind: RelayKind): number {
    const row = this.#database
      .prepare('SELECT MAX(sequence) AS latest FROM relay WHERE kind = ?')
      .get(kind) as { latest: number | null }
    return row.latest ?? 0
  }

  /** Drops what has expired. @param now - Unix seconds. */
  prune(now: number): void {
    this.#database.prepare('DELETE FROM relay WHERE expiry <= ?').run(now)
  }

  /** Last sequence that was read from a peer. */
  cursor(peer: string, kind: RelayKind): number {
    const row = this.#database
      .prepare('SELECT sequence FROM relay_cursors WHERE peer = ? AND kind = ?')
      .get(peer, kind) as { sequence: number } | undefined
    return row?.sequence ?? 0
  }

  setCursor(peer: string, kind: RelayKind, sequence: number): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO relay_cursors VALUES (?, ?, ?)')
      .run(peer, kind, sequence)
  }
}
