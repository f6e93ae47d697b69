import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { type ErrorCode, LynodeError } from '@lynode/sdk'
import Libsql from 'libsql'
import { stateError } from './stateError.js'

/** A SQLite database with better-sqlite3's API. */
export type Database = Libsql.Database

/** Version of the tables of all parts; raised with every change to one. */
export const schemaVersion = 2

/**
 * Opens the state of a daemon. Every commit reaches the disk before it returns,
 * because an intent that is lost is a transaction that is sent twice.
 *
 * @param path - File, or `:memory:`.
 * @param identity - Whose state this is, such as chain and genesis hash; a file
 * of another identity is refused.
 * @throws LynodeError `LY-DB-001` for a newer schema, `LY-DB-002` for another
 * identity, `LY-CHK-014` for a damaged file, `LY-DB-004` when the system
 * refuses to read or write it.
 */
export function openDatabase(path: string, identity: string): Database {
  const database = open(path)
  const read = (name: string) =>
    (
      database.prepare('SELECT value FROM meta WHERE name = ?').get(name) as
        | { value: string }
        | undefined
    )?.value
  const write = database.prepare(
    'INSERT OR IGNORE INTO meta (name, value) VALUES (?, ?)',
  )
  write.run('schema', String(schemaVersion))
  write.run('identity', identity)
  const refuse = (code: ErrorCode, message: string) => {
    database.close()
    throw new LynodeError(code, { shortMessage: message })
  }
  if (Number(read('schema')) > schemaVersion)
    refuse('LY-DB-001', `${path} was written by a newer version`)
  if (read('identity') !== identity)
    refuse(
      'LY-DB-002',
      `${path} belongs to ${read('identity')}, not to ${identity}`,
    )
  // The parts bring their tables up to date when they open them.
  database
    .prepare("UPDATE meta SET value = ? WHERE name = 'schema'")
    .run(String(schemaVersion))
  return database
}

function open(path: string): Database {
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
    const database = new Libsql(path)
    database.exec('PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL')
    database.exec(
      'CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)',
    )
    return database
  } catch (error) {
    throw stateError(path, error)
  }
}
