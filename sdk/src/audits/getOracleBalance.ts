import { parseAbi } from 'viem'
import { readContract } from 'viem/actions'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'

/** What is left of the subscription that pays for seeds, in wei. */
export type OracleBalance = { link: bigint; native: bigint }

const consumer = parseAbi([
  'function s_vrfCoordinator() view returns (address)',
  'function subscriptionId() view returns (uint256)',
])
const coordinator = parseAbi([
  'function getSubscription(uint256 subId) view returns (uint96 balance, uint96 nativeBalance, uint64 reqCount, address subOwner, address[] consumers)',
])

/**
 * Reads the subscription of AuditManager at Chainlink's VRF coordinator: without
 * a balance no seed is drawn there, and every epoch waits for its fallback.
 *
 * @example
 * const { link, native } = await getOracleBalance(client)
 */
export async function getOracleBalance(
  client: LynodeReader,
): Promise<OracleBalance> {
  const audits = client.addressBook.contracts.auditManager
  try {
    const [address, subscriptionId] = await Promise.all([
      readContract(client, {
        address: audits,
        abi: consumer,
        functionName: 's_vrfCoordinator',
      }),
      readContract(client, {
        address: audits,
        abi: consumer,
        functionName: 'subscriptionId',
      }),
    ])
    const [link, native] = await readContract(client, {
      address,
      abi: coordinator,
      functionName: 'getSubscription',
      args: [subscriptionId],
    })
    return { link, native }
  } catch (error) {
    throw toLynodeError(error)
  }
}
