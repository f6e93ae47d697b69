import type { Hex } from 'viem'
import { signTypedData } from 'viem/actions'
import type { LynodeClient } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import { batchTree } from '../tree/setTree.js'
import { type Order, orderBatchTypes } from '../types/order.js'
import { orderDomain, orderId } from './orderId.js'
import { encodeShard } from './shardSignature.js'

export type SignOrderBatchParameters = { orders: readonly Order[] }

/** Each order with its job id and a signature that any lock takes. */
export type SignOrderBatchReturnType = {
  order: Order
  jobId: Hex
  signature: Hex
}[]

/**
 * Signs many orders, each with a nonce of its own, by one signature over the
 * Merkle root of their ids (RULES D8). Each can be locked by another provider.
 *
 * @param parameters.orders - At least one; shards of one job, or any orders of the same requester.
 * @example
 * for (const shard of await signOrderBatch(client, { orders }))
 *   await announceOrder(client, shard)
 */
export async function signOrderBatch(
  client: LynodeClient,
  { orders }: SignOrderBatchParameters,
): Promise<SignOrderBatchReturnType> {
  const { chainId, contracts } = client.addressBook
  const place = { chainId, jobMarket: contracts.jobMarket }
  const jobIds = orders.map((order) => orderId({ ...place, order }))
  const { root, proofOf } = batchTree(jobIds)
  try {
    const signature = await signTypedData(client, {
      account: client.account,
      domain: orderDomain(place),
      types: orderBatchTypes,
      primaryType: 'OrderBatch',
      message: { root, count: orders.length },
    })
    return orders.map((order, index) => {
      const jobId = jobIds[index] as Hex
      const path = proofOf(jobId)
      return {
        order,
        jobId,
        signature: encodeShard({ count: orders.length, path, signature }),
      }
    })
  } catch (error) {
    throw toLynodeError(error)
  }
}
