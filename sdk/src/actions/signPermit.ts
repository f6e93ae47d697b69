import { type Address, type Hex, parseAbi, parseSignature } from 'viem'
import { readContract, signTypedData } from 'viem/actions'
import type { LynodeClient } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'

export type SignPermitParameters = {
  /** With ERC-2612 and ERC-5267, as LYN. */
  token: Address
  /** Wei that the Ledger may take from the client's account. */
  value: bigint
  /** Unix seconds; the permit is good until then, that second included. */
  deadline: bigint
}

/** A permit to the Ledger, as `lockWithPermit` takes it. */
export type SignPermitReturnType = {
  value: bigint
  deadline: bigint
  v: number
  r: Hex
  s: Hex
}

const permitAbi = parseAbi([
  'function nonces(address owner) view returns (uint256)',
  'function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)',
])

const permitTypes = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const

/**
 * Signs a permit of the client's account to the Ledger, so that a lock can bring
 * an order's escrow with it. Nothing is sent.
 *
 * @example
 * const permit = await signPermit(requester, { token, value: order.maxTotal, deadline })
 */
export async function signPermit(
  client: LynodeClient,
  { token, value, deadline }: SignPermitParameters,
): Promise<SignPermitReturnType> {
  const owner = client.account.address
  const call = { address: token, abi: permitAbi } as const
  try {
    const [nonce, [, name, version, chainId, verifyingContract]] =
      await Promise.all([
        readContract(client, {
          ...call,
          functionName: 'nonces',
          args: [owner],
        }),
        readContract(client, { ...call, functionName: 'eip712Domain' }),
      ])
    const signature = await signTypedData(client, {
      account: client.account,
      domain: { name, version, chainId, verifyingContract },
      types: permitTypes,
      primaryType: 'Permit',
      message: {
        owner,
        spender: client.addressBook.contracts.ledger,
        value,
        nonce,
        deadline,
      },
    })
    const { r, s, yParity } = parseSignature(signature)
    return { value, deadline, v: 27 + yParity, r, s }
  } catch (error) {
    throw toLynodeError(error)
  }
}
