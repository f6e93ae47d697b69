import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LynodeError } from '@lynode/sdk'
import Libsql from 'libsql'
import type { Address } from 'viem'
import {
  type OutboxRequest,
  type OutboxRow,
  OutboxTable,
} from './outboxTable.js'

/** A transaction as its owner sees it. */
export type OutboxEntry = Omit<OutboxRow, 'raw'> & { sender: Address }

const everyMs = 200

/**
 * Reads the transactions of a daemon, which may be running: those whose receipt
 * is awaited by nonce, or the newest, whatever became of them.
 *
 * @param dataDir - `dataDir` of its configuration.
 * @throws LynodeError `LY-DB-003` when no daemon has run there.
 */
export function readOutbox(dataDir: string, latest?: number): OutboxEntry[] {
  return withTable(dataDir, (table, sender) =>
    (latest === undefined ? table.live() : table.latest(latest)).map(
      ({ raw: _, ...row }) => ({ ...row, sender }),
    ),
  )
}

/**
 * Asks the daemon that owns a nonce to replace its transaction: one process alone
 * signs with a key. One that is not running does it when it starts.
 *
 * @returns The transaction after it was replaced; `undefined` when nobody did so
 * within `waitMs`: the request stays.
 * @throws LynodeError `LY-OUTBOX-003` when none waits under that nonce,
 * `LY-OUTBOX-004` when the replacement would be above the cap.
 */
export async function askOutbox(
  dataDir: string,
  nonce: number,
  request: OutboxRequest,
  waitMs = 10_000,
): Promise<OutboxEntry | undefined> {
  const find = (table: OutboxTable) =>
    table.live().find((row) => row.nonce === nonce)
  const before = withTable(dataDir, (table) => {
    const row = find(table)
    if (row === undefined)
      throw new LynodeError('LY-OUTBOX-003', { details: `nonce ${nonce}` })
    table.request(nonce, request)
    return row
  })
  for (const end = performance.now() + waitMs; performance.now() < end; ) {
    await sleep(everyMs)
    const after = withTable(dataDir, (table, sender) =>
      table.requestOf(nonce) === undefined
        ? { ...(table.find(before.key) ?? before), sender }
        : undefined,
    )
    if (after === undefined) continue
    if (after.state === 'live' && after.hashes.length === before.hashes.length)
      throw new LynodeError('LY-OUTBOX-004', { details: `nonce ${nonce}` })
    const { raw: _, ...entry } = after
    return entry
  }
  return undefined
}

function withTable<T>(
  dataDir: string,
  use: (table: OutboxTable, sender: Address) => T,
): T {
  const path = join(dataDir, 'state.sqlite')
  if (!existsSync(path)) throw new LynodeError('LY-DB-003', { details: path })
  const database = new Libsql(path)
  try {
    // The daemon may be writing.
    database.exec('PRAGMA busy_timeout = 5000')
    const identity = (
      database
        .prepare("SELECT value FROM meta WHERE name = 'identity'")
        .get() as { value: string } | undefined
    )?.value
    const sender = /0x[0-9a-fA-F]{40}/.exec(identity ?? '')?.[0] as
      | Address
      | undefined
    if (sender === undefined)
      throw new LynodeError('LY-DB-003', { details: path })
    return use(new OutboxTable(database, sender), sender)
  } finally {
    database.close()
  }
}
