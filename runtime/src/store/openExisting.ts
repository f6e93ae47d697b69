import { existsSync } from 'node:fs'
import { LynodeError } from '@lynode/sdk'
import Libsql from 'libsql'
import type { Database } from './openDatabase.js'
import { stateError } from './stateError.js'

/**
 * Opens the state of a daemon that may be running, to read it.
 *
 * @throws LynodeError `LY-DB-003` when there is none, `LY-CHK-014` for a damaged
 * file, `LY-DB-004` when the system refuses to read it.
 */
export function openExisting(path: string): Database {
  if (!existsSync(path)) throw new LynodeError('LY-DB-003', { details: path })
  try {
    const database = new Libsql(path)
    database.exec('PRAGMA query_only = ON')
    // A damaged file shows at the first read.
    database.prepare('SELECT COUNT(*) FROM sqlite_schema').get()
    return database
  } catch (error) {
    throw stateError(path, error)
  }
}
