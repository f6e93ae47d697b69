import type { Hex } from 'viem'
import { getContractEvents } from 'viem/actions'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import type { Order } from '../types/order.js'
import { orderId } from './orderId.js'

export type FindOrderParameters = { jobId: Hex }

export type FindOrderReturnType = { order: Order; signature: Hex }

/**
 * Finds an order that was announced or posted on chain (`OrderPosted`).
 *
 * Anyone may announce anything under any job id, so the order found is hashed.
 *
 * @returns `undefined` when no such order was announced.
 */
export async function findOrder(
  client: LynodeReader,
  { jobId }: FindOrderParameters,
): Promise<FindOrderReturnType | undefined> {
  const { chainId, contracts, deployBlock } = client.addressBook
  const logs = await getContractEvents(client, {
    address: contracts.jobMarket,
    abi: jobMarketAbi,
    eventName: 'OrderPosted',
    args: { jobId },
    fromBlock: deployBlock,
    strict: true,
  }).catch((error: unknown) => {
    throw toLynodeError(error)
  })
  const place = { chainId, jobMarket: contracts.jobMarket }
  const log = logs.find(
    ({ args }) => orderId({ ...place, order: args.order }) === jobId,
  )
  return log && { order: log.args.order, signature: log.args.signature }
}
