import { readFileSync, statSync } from 'node:fs'
import { LynodeError } from '@lynode/sdk'
import { isHex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'

/** Where a daemon's hot key is. */
export type KeySource =
  | { env: string }
  /** File of one line, 0x-hex, readable by its owner alone. */
  | { file: string }

/**
 * Loads the hot key. A key of the environment is for development: other
 * processes of the user can see it.
 *
 * @throws LynodeError `LY-KEY-001` missing, `LY-KEY-002` malformed,
 * `LY-KEY-003` readable by others.
 */
export function loadAccount(source: KeySource): PrivateKeyAccount {
  const text = 'env' in source ? process.env[source.env] : readKey(source.file)
  if (text === undefined || text === '')
    throw new LynodeError('LY-KEY-001', {
      shortMessage:
        'env' in source
          ? `${source.env} is not set`
          : `${source.file} is empty`,
    })
  const key = text.trim()
  if (!isHex(key) || key.length !== 66)
    throw new LynodeError('LY-KEY-002', {
      shortMessage: 'the hot key is not 32 bytes of 0x-hex',
    })
  return privateKeyToAccount(key)
}

function readKey(file: string): string {
  let mode: number
  try {
    mode = statSync(file).mode
  } catch (cause) {
    throw new LynodeError('LY-KEY-001', {
      shortMessage: `no key file ${file}`,
      cause,
    })
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new LynodeError('LY-KEY-003', {
      shortMessage: `${file} can be read by others`,
    })
  return readFileSync(file, 'utf8')
}
