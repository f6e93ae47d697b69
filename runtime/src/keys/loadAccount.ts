import { readFileSync, statSync } from 'node:fs'
import { isHex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { RuntimeError } from '../errors/runtimeError.js'

/** Where a daemon's hot key is. */
export type KeySource =
  | { env: string }
  /** File of one line, 0x-hex, readable by its owner alone. */
  | { file: string }

/**
 * Loads the hot key. A key of the environment is for development: other
 * processes of the user can see it.
 *
 * @throws RuntimeError `LY-KEY-001` missing, `LY-KEY-002` malformed,
 * `LY-KEY-003` readable by others.
 */
export function loadAccount(source: KeySource): PrivateKeyAccount {
  const text = 'env' in source ? process.env[source.env] : readKey(source.file)
  if (text === undefined || text === '')
    throw new RuntimeError(
      'env' in source ? `${source.env} is not set` : `${source.file} is empty`,
      { code: 'LY-KEY-001', remedy: 'Put the hot key there.' },
    )
  const key = text.trim()
  if (!isHex(key) || key.length !== 66)
    throw new RuntimeError('the hot key is not 32 bytes of 0x-hex', {
      code: 'LY-KEY-002',
      remedy: 'Write 0x and 64 hex digits into it.',
    })
  return privateKeyToAccount(key)
}

function readKey(file: string): string {
  let mode: number
  try {
    mode = statSync(file).mode
  } catch (cause) {
    throw new RuntimeError(`no key file ${file}`, {
      code: 'LY-KEY-001',
      remedy: 'Put the hot key there.',
      cause,
    })
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new RuntimeError(`${file} can be read by others`, {
      code: 'LY-KEY-003',
      remedy: `Run \`chmod 600 ${file}\`.`,
    })
  return readFileSync(file, 'utf8')
}
