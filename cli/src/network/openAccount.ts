import { askPassword, loadAccount } from '@lynode/runtime'
import { LynodeError } from '@lynode/sdk'
import { isAddressEqual } from 'viem'
import {
  type LocalAccount,
  privateKeyToAccount,
  toAccount,
} from 'viem/accounts'
import type { NetworkAccount } from './networkFile.js'

/**
 * The account of a network. Its key is opened when it first signs: what only
 * reads asks for no password.
 *
 * @throws LynodeError from its signing functions: `LY-KEY-001` to `LY-KEY-005`
 * and `LY-KEY-007` as `loadAccount`, `LY-KEY-002` when the key is another
 * address's.
 */
export function openAccount(account: NetworkAccount): LocalAccount {
  const { address, key } = account
  if (key !== undefined && 'privateKey' in key)
    return privateKeyToAccount(key.privateKey)
  let opened: Promise<LocalAccount> | undefined
  const signer = () => (opened ??= load(account))
  return toAccount({
    address,
    signMessage: async (parameters) => (await signer()).signMessage(parameters),
    signTransaction: async (transaction, options) =>
      (await signer()).signTransaction(transaction, options),
    signTypedData: async (parameters) =>
      (await signer()).signTypedData(parameters),
  })
}

async function load({ name, address, key }: NetworkAccount) {
  if (key === undefined || 'privateKey' in key)
    throw new LynodeError('LY-KEY-001', {
      details: `the network file names no key of account "${name}"`,
    })
  const account = await loadAccount(key, askPassword({ stdin: false }))
  if (!isAddressEqual(account.address, address))
    throw new LynodeError('LY-KEY-002', {
      shortMessage: `the key of account "${name}" is that of ${account.address}, not of ${address}`,
    })
  return account
}
