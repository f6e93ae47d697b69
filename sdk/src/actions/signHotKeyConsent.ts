import type { Address, Hex } from 'viem'
import { signTypedData } from 'viem/actions'
import type { LynodeClient } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import { type Role, roleCodes } from '../types/role.js'

export type SignHotKeyConsentParameters = { owner: Address; role: Role }

/**
 * Signs, with the hot key's client, that `owner` may register this key for a
 * role (EIP-712): nobody can take a stranger's key. Nothing is sent.
 *
 * @returns The consent that `registerNode` and `rotateHotKey` take.
 * @example
 * const consent = await signHotKeyConsent(hot, { owner: owner.account.address, role: 'provider' })
 */
export async function signHotKeyConsent(
  client: LynodeClient,
  { owner, role }: SignHotKeyConsentParameters,
): Promise<Hex> {
  const { chainId, contracts } = client.addressBook
  try {
    return await signTypedData(client, {
      account: client.account,
      domain: {
        name: 'Lynode StakeManager',
        version: '1',
        chainId,
        verifyingContract: contracts.stakeManager,
      },
      types: hotKeyTypes,
      primaryType: 'HotKey',
      message: { owner, role: roleCodes[role] },
    })
  } catch (error) {
    throw toLynodeError(error)
  }
}

const hotKeyTypes = {
  HotKey: [
    { name: 'owner', type: 'address' },
    { name: 'role', type: 'uint8' },
  ],
} as const
