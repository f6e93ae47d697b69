import { readFileSync, statSync } from 'node:fs'
import { LynodeError } from '@lynode/sdk'

/**
 * Reads a file that holds a key or a password.
 *
 * @throws LynodeError `LY-KEY-001` when it is missing or empty, `LY-KEY-003` when
 * others than its owner may read or write it.
 */
export function readSecretFile(file: string): string {
  let mode: number
  try {
    mode = statSync(file).mode
  } catch (cause) {
    throw new LynodeError('LY-KEY-001', {
      shortMessage: `no file ${file}`,
      cause,
    })
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new LynodeError('LY-KEY-003', {
      shortMessage: `${file} can be read by others`,
    })
  const text = readFileSync(file, 'utf8')
  if (text.trim() === '')
    throw new LynodeError('LY-KEY-001', { shortMessage: `${file} is empty` })
  return text
}
