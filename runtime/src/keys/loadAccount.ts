import { homedir } from 'node:os'
import { join } from 'node:path'
import { LynodeError } from '@lynode/sdk'
import { type Address, isHex } from 'viem'
import { type LocalAccount, privateKeyToAccount } from 'viem/accounts'
import type { AskPassword } from './askPassword.js'
import { openKeystore } from './keystore.js'
import { readSecretFile } from './readSecretFile.js'
import { web3signerAccount } from './web3signer.js'

/** Where a daemon's hot key is. */
export type KeySource =
  | { env: string }
  /** File of one line, 0x-hex, readable by its owner alone. */
  | { file: string }
  /** v3 keystore; without a file of its password, somebody is asked. */
  | { keystore: string; passwordFile: string | undefined }
  /** Base URL of a Web3Signer that keeps the key. */
  | { web3signer: string; address: Address }

/**
 * Loads the hot key. A key of the environment is for development: other
 * processes of the user can see it.
 *
 * @param ask - Gives the password of a keystore that has no password file.
 * @throws LynodeError `LY-KEY-001` missing, `LY-KEY-002` malformed,
 * `LY-KEY-003` readable by others, `LY-KEY-004` another password, `LY-KEY-005`
 * no password, `LY-KEY-007` the remote signer does not sign.
 */
export async function loadAccount(
  source: KeySource,
  ask?: AskPassword | undefined,
): Promise<LocalAccount> {
  if ('web3signer' in source) {
    const { web3signer: url, address } = source
    return web3signerAccount({ url, address })
  }
  if ('keystore' in source) {
    const { keystore } = source
    const password = await passwordOf(source, ask)
    return privateKeyToAccount(await openKeystore(keystore, password))
  }
  const text =
    'env' in source ? process.env[source.env] : readSecretFile(source.file)
  if (text === undefined || text === '')
    throw new LynodeError('LY-KEY-001', {
      shortMessage:
        'env' in source ? `${source.env} is not set` : 'there is no key',
    })
  const key = text.trim()
  if (!isHex(key) || key.length !== 66)
    throw new LynodeError('LY-KEY-002', {
      shortMessage: 'the hot key is not 32 bytes of 0x-hex',
    })
  return privateKeyToAccount(key)
}

/**
 * File of the lock that lets one process alone use a key: beside its own file or, where it has
 * none here, in the user's home, by account and chain.
 */
export function lockFileOf(source: KeySource, id: string): string {
  if ('keystore' in source) return `${source.keystore}.lock`
  if ('file' in source) return `${source.file}.lock`
  return join(homedir(), '.lynode', 'locks', `${id}.lock`)
}

async function passwordOf(
  source: Extract<KeySource, { keystore: string }>,
  ask: AskPassword | undefined,
): Promise<string> {
  const { keystore, passwordFile } = source
  if (passwordFile !== undefined)
    return readSecretFile(passwordFile).replace(/\r?\n$/, '')
  if (ask === undefined)
    throw new LynodeError('LY-KEY-005', { details: keystore })
  return ask(keystore)
}
