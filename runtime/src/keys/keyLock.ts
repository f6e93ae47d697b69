import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { LynodeError } from '@lynode/sdk'
import Libsql from 'libsql'
import { errorText } from '../errors/errorText.js'

/** Held while the process lives. */
export type KeyLock = { release(): void }

/**
 * Lets one process alone use a key: two of them would each keep a queue of nonces
 * and replace each other's transactions. The lock is SQLite's on an empty
 * file, so the system itself drops it when the process dies, in
 * whatever way, and a file that is left over locks nothing.
 *
 * @throws LynodeError `LY-KEY-006` when another process holds it.
 */
export function lockKey(file: string): KeyLock {
  let database: Libsql.Database
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    database = new Libsql(file, { timeout: 0 })
  } catch (cause) {
    throw refused(file, errorText(cause), cause)
  }
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE')
    database.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    database.close()
    throw refused(file, 'it is locked', cause)
  }
  return { release: () => database.close() }
}

function refused(file: string, why: string, cause: unknown): LynodeError {
  return new LynodeError('LY-KEY-006', { details: `${file}: ${why}`, cause })
}
