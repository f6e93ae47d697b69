import { isCancel, password as prompt } from '@clack/prompts'
import { readSecretFile } from '@lynode/runtime'
import { LynodeError } from '@lynode/sdk'
import { type Hex, isHex } from 'viem'

/**
 * A private key that exists: from a file of mode 0600, or asked for on a terminal.
 *
 * @throws LynodeError `LY-KEY-001` when there is none, `LY-KEY-002` when it is malformed.
 */
export async function readPrivateKey(file: string | undefined): Promise<Hex> {
  const key = (file === undefined ? await ask() : readSecretFile(file)).trim()
  if (isHex(key) && key.length === 66) return key
  throw new LynodeError('LY-KEY-002', {
    shortMessage: 'A private key is 0x and 64 hex digits',
  })
}

async function ask(): Promise<string> {
  const missing = new LynodeError('LY-KEY-001', {
    shortMessage: 'There is no key to import',
    remedy: 'Name a file of mode 0600 with `--key-file`.',
  })
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw missing
  const answer = await prompt({
    message: 'Private key',
    output: process.stderr,
  })
  if (isCancel(answer)) throw missing
  return answer
}
