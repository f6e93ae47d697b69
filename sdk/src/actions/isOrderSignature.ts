import { encodeFunctionData, type Hex, parseAbi, recoverAddress } from 'viem'
import { call, getCode } from 'viem/actions'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import type { Order } from '../types/order.js'
import { orderId } from './orderId.js'
import { openShard } from './shardSignature.js'

export type IsOrderSignatureParameters = { order: Order; signature: Hex }

/** Gas that the market gives a contract account to check a signature (RULES D8). */
const walletGas = 100_000n

const walletAbi = parseAbi([
  'function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)',
])

const magicValue = '0x1626ba7e'

/**
 * Whether the market would take a signature as the requester's: of its key, or
 * of its contract by ERC-1271 under the market's own gas cap; of the order, or
 * of a batch that it is in.
 *
 * @throws LynodeError when the chain does not answer.
 * @example
 * const { signature } = await signOrder(client, { order })
 * await isOrderSignature(client, { order, signature }) // true
 */
export async function isOrderSignature(
  client: LynodeReader,
  { order, signature }: IsOrderSignatureParameters,
): Promise<boolean> {
  const { chainId, contracts } = client.addressBook
  const { requester } = order
  const place = { chainId, jobMarket: contracts.jobMarket }
  const { digest, signature: inner } = openShard(
    place,
    orderId({ ...place, order }),
    signature,
  )
  const signer = await recoverAddress({
    hash: digest,
    signature: inner,
  }).catch(
    () => undefined, // not a signature of a key: perhaps of a contract
  )
  if (signer?.toLowerCase() === requester.toLowerCase()) return true
  const code = await getCode(client, { address: requester }).catch(
    (error: unknown) => {
      throw toLynodeError(error)
    },
  )
  if (code === undefined) return false
  const { data } = await call(client, {
    to: requester,
    data: encodeFunctionData({ abi: walletAbi, args: [digest, inner] }),
    gas: walletGas + 50_000n, // the cap, and what the call itself costs
  }).catch(() => ({ data: undefined })) // a wallet that reverts does not sign
  return data?.slice(0, 10) === magicValue
}
