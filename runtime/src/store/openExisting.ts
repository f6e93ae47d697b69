import { existsSync } from 'node:fs'
import { LynodeError } from '@lynode/sdk'
import Libsql from 'libsql'
import type { Database } from './openDatabase.js'

/**
 * Opens the state of a daemon that may be running, to read it.
 *
 * @throws LynodeError `LY-DB-003` when there is none.
 */
export function openExisting(path: string): Database {
  if (!existsSync(path)) throw new LynodeError('LY-DB-003', { details: path })
  const database = new Libsql(path)
  database.exec('PRAGMA query_only = ON')
  return database
}
