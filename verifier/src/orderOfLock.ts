import type { Daemon } from '@lynode/runtime'
import { type Hex, jobMarketAbi, type Order, orderId } from '@lynode/sdk'
import { decodeFunctionData } from 'viem'

/**
 * The order of a job as the transaction that locked it carried it: an order that
 * was never announced is in its calldata all the same.
 *
 * @returns `undefined` when another contract made the call.
 */
export async function orderOfLock(
  { client, config, contracts }: Daemon,
  jobId: Hex,
  transaction: Hex,
): Promise<Order | undefined> {
  const { input } = await client.getTransaction({ hash: transaction })
  try {
    const { args } = decodeFunctionData({ abi: jobMarketAbi, data: input })
    const { chainId } = config.addressBook
    const { jobMarket } = contracts
    for (const value of args ?? []) {
      if (typeof value !== 'object' || !('inputRoot' in value)) continue
      if (orderId({ chainId, jobMarket, order: value }) === jobId) return value
    }
  } catch {
    // No function of the market: it was called by a contract.
  }
  return undefined
}
