import { type Abi, decodeFunctionData, getAbiItem, type Hex, isHex } from 'viem'
import { getContractEvents, getTransaction } from 'viem/actions'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import { sealedAuctionsAbi } from '../abis/sealedAuctionsAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import type { Order } from '../types/order.js'
import { orderId } from './orderId.js'

export type FindOrderParameters = { jobId: Hex }

export type FindOrderReturnType = { order: Order; signature: Hex }

/**
 * Finds an order on chain: one that was announced or posted (`OrderPosted`), or
 * the one in the calldata of the lock, since every lock carries its order, or
 * that of a sealed auction.
 *
 * Anyone may announce anything under any job id, so the order found is hashed.
 *
 * @returns `undefined` when no such order was announced, nor locked by a
 * transaction to the market itself.
 * @example
 * const found = await findOrder(client, { jobId })
 */
export async function findOrder(
  client: LynodeReader,
  { jobId }: FindOrderParameters,
): Promise<FindOrderReturnType | undefined> {
  try {
    return (
      (await findAnnounced(client, jobId)) ??
      (await findLocked(client, jobId)) ??
      (await findAuctioned(client, jobId))
    )
  } catch (error) {
    throw toLynodeError(error)
  }
}

async function findAnnounced(
  client: LynodeReader,
  jobId: Hex,
): Promise<FindOrderReturnType | undefined> {
  const { contracts, deployBlock } = client.addressBook
  const logs = await getContractEvents(client, {
    address: contracts.jobMarket,
    abi: jobMarketAbi,
    eventName: 'OrderPosted',
    args: { jobId },
    fromBlock: deployBlock,
    strict: true,
  })
  const log = logs.find(({ args }) => isOrderOf(client, jobId, args.order))
  return log && { order: log.args.order, signature: log.args.signature }
}

/** An auction carries the order, and no signature. */
async function findAuctioned(
  client: LynodeReader,
  jobId: Hex,
): Promise<FindOrderReturnType | undefined> {
  const { contracts, deployBlock } = client.addressBook
  const [log] = await getContractEvents(client, {
    address: contracts.sealedAuctions,
    abi: sealedAuctionsAbi,
    eventName: 'AuctionOpened',
    args: { jobId },
    fromBlock: deployBlock,
    strict: true,
  })
  return log && { order: log.args.order, signature: '0x' }
}

async function findLocked(
  client: LynodeReader,
  jobId: Hex,
): Promise<FindOrderReturnType | undefined> {
  const { contracts, deployBlock } = client.addressBook
  const logs = await getContractEvents(client, {
    address: contracts.jobMarket,
    abi: jobMarketAbi,
    eventName: 'JobLocked',
    args: { jobId },
    fromBlock: deployBlock,
    strict: true,
  })
  for (const { transactionHash: hash } of logs) {
    const { input } = await getTransaction(client, { hash })
    const found = readLock(input)
    if (found !== undefined && isOrderOf(client, jobId, found.order))
      return found
  }
  return undefined
}

/** Order and signature in the calldata of any of the market's locks. */
function readLock(data: Hex): FindOrderReturnType | undefined {
  try {
    const { functionName, args = [] } = decodeFunctionData({
      abi: jobMarketAbi as Abi,
      data,
    })
    const item = getAbiItem({ abi: jobMarketAbi as Abi, name: functionName })
    const inputs = item !== undefined && 'inputs' in item ? item.inputs : []
    const argument = (name: string) =>
      args[inputs.findIndex((input) => input.name === name)]
    const order = argument('order')
    const signature = argument('signature')
    if (order !== undefined && isHex(signature))
      return { order: order as Order, signature }
  } catch {
    // A call through another contract: its calldata is not the market's.
  }
  return undefined
}

function isOrderOf(client: LynodeReader, jobId: Hex, order: Order): boolean {
  const { chainId, contracts } = client.addressBook
  return orderId({ chainId, jobMarket: contracts.jobMarket, order }) === jobId
}
