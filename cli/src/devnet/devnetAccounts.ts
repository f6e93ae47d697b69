import { bytesToHex, type Hex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { testMnemonic } from './startChain.js'

/** Roles of a devnet's accounts, by their index under the test phrase. */
const roles = [
  'deployer',
  'requester',
  'publisher',
  'provider-owner',
  'provider',
  'verifier',
  'second-owner',
  'second',
  'third-owner',
  'third',
  'verifier-owner',
  'oracle',
] as const

/** Name of a devnet's account. */
export type DevnetRole = (typeof roles)[number]

/** A funded account of a devnet. */
export type DevnetAccount = { name: DevnetRole; address: Hex; privateKey: Hex }

/** The accounts that anvil funds, with keys that everybody knows. */
export function devnetAccounts(): Record<DevnetRole, DevnetAccount> {
  return Object.fromEntries(
    roles.map((name, addressIndex) => {
      const account = mnemonicToAccount(testMnemonic, { addressIndex })
      const privateKey = account.getHdKey().privateKey
      if (privateKey === null) throw new Error('the test phrase gives no key')
      return [
        name,
        {
          name,
          address: account.address,
          privateKey: bytesToHex(privateKey),
        },
      ]
    }),
  ) as Record<DevnetRole, DevnetAccount>
}
