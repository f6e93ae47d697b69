import { LynodeError } from '@lynode/sdk'
import {
  type Address,
  concat,
  encodeAbiParameters,
  type Hex,
  hashDomain,
  hashStruct,
  isHex,
  keccak256,
  parseSignature,
  recoverAddress,
  serializeTransaction,
  type TypedDataDefinition,
  toPrefixedMessage,
} from 'viem'
import { type LocalAccount, publicKeyToAddress, toAccount } from 'viem/accounts'
import { z } from 'zod'
import { errorText } from '../errors/errorText.js'

export type Web3signerParameters = {
  /** Base URL of a Web3Signer that runs in its `eth1` mode. */
  url: string
  /** Which of its keys. */
  address: Address
}

const timeoutMs = 10_000

/**
 * An account whose key stays with a Web3Signer. Everything is signed by its one
 * call that hashes with keccak256 and signs what comes out, so that signer needs no node
 * and no chain; every signature is checked before it is used.
 *
 * @throws LynodeError `LY-KEY-007` when the signer cannot be reached, or does not
 * hold the key.
 */
export async function web3signerAccount(
  parameters: Web3signerParameters,
): Promise<LocalAccount> {
  const { address } = parameters
  const keys = z
    .array(z.string())
    .parse(JSON.parse(await call(parameters, 'publicKeys')))
  const key = keys.find((one) => same(addressOf(one), address))
  if (key === undefined)
    throw new LynodeError('LY-KEY-007', {
      shortMessage: `the signer at ${parameters.url} does not hold the key of ${address}`,
    })
  /** Signs keccak256 of the data. */
  const sign = async (data: Hex): Promise<Hex> => {
    const signature = (await call(parameters, `sign/${key}`, { data })).trim()
    const signer =
      isHex(signature) && signature.length === 132
        ? await recoverAddress({ hash: keccak256(data), signature })
        : undefined
    if (!same(signer, address))
      throw new LynodeError('LY-KEY-007', {
        shortMessage: `the signer at ${parameters.url} gave no signature of ${address}`,
      })
    return signature as Hex
  }
  return toAccount({
    address,
    signMessage: ({ message }) => sign(toPrefixedMessage(message)),
    async signTransaction(transaction, options) {
      const serialize = options?.serializer ?? serializeTransaction
      // Without a signature this is what a wallet hashes and signs.
      const unsigned = (await serialize(transaction)) as Hex
      const signature = parseSignature(await sign(unsigned))
      return (await serialize(transaction, signature)) as never
    },
    signTypedData: (data) => sign(typedDataBytes(data as TypedDataDefinition)),
  })
}

/** What EIP-712 hashes at the end: the prefix, the domain and the message. */
function typedDataBytes(data: TypedDataDefinition): Hex {
  const { domain = {}, message, primaryType } = data
  const types = {
    EIP712Domain: domainFields(domain),
    ...data.types,
  } as Parameters<typeof hashStruct>[0]['types']
  const hashes = [
    hashDomain({ domain, types } as never),
    ...(primaryType === 'EIP712Domain'
      ? []
      : [hashStruct({ data: message, primaryType, types } as never)]),
  ]
  return concat([
    '0x1901',
    ...hashes.map((hash) => encodeAbiParameters([{ type: 'bytes32' }], [hash])),
  ])
}

function domainFields(domain: TypedDataDefinition['domain'] & object) {
  const fields = [
    { name: 'name', type: 'string' },
    { name: 'version', type: 'string' },
    { name: 'chainId', type: 'uint256' },
    { name: 'verifyingContract', type: 'address' },
    { name: 'salt', type: 'bytes32' },
  ] as const
  return fields.filter(({ name }) => domain[name] !== undefined)
}

async function call(
  { url }: Web3signerParameters,
  path: string,
  body?: object,
): Promise<string> {
  const target = `${url.replace(/\/+$/, '')}/api/v1/eth1/${path}`
  let response: Response
  try {
    response = await fetch(target, {
      signal: AbortSignal.timeout(timeoutMs),
      ...(body && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
    const text = await response.text()
    if (response.ok) return text
  } catch (cause) {
    throw new LynodeError('LY-KEY-007', {
      shortMessage: `the signer at ${url} does not answer: ${errorText(cause)}`,
      cause,
    })
  }
  throw new LynodeError('LY-KEY-007', {
    shortMessage: `the signer at ${url} answered with status ${response.status}`,
  })
}

/** Web3Signer names a key by its 64 bytes; some versions write the point's 04 before them. */
function addressOf(publicKey: string): Address | undefined {
  const digits = publicKey.replace(/^0x/, '')
  if (!/^[0-9a-fA-F]+$/.test(digits)) return undefined
  if (digits.length === 128) return publicKeyToAddress(`0x04${digits}`)
  return digits.length === 130 ? publicKeyToAddress(`0x${digits}`) : undefined
}

function same(a: Address | undefined, b: Address): boolean {
  return a?.toLowerCase() === b.toLowerCase()
}
