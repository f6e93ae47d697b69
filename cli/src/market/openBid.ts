import {
  type CreateLynodeClientReturnType,
  LynodeError,
  type Order,
  readAction,
  stakeManagerAbi,
} from '@lynode/sdk'
import type { Hex } from 'viem'
import { lookUpOrder } from '../job/lookUpOrder.js'
import { connect } from '../network/connect.js'
import { parseId } from '../options/parseId.js'
import { BidStore } from './bidStore.js'

/** What every command about a bid needs. */
export type BidContext = {
  client: CreateLynodeClientReturnType
  jobId: Hex
  order: Order
  signature: Hex
  providerId: number
  bids: BidStore
}

/** Finds an auction's order, and the provider that an account acts for. */
export async function openBid(id: string, as: string): Promise<BidContext> {
  const jobId = parseId(id, 'job')
  const { client, network } = await connect(as)
  const [found, providerId] = await Promise.all([
    lookUpOrder(client, network.relays, jobId),
    readAction(client, {
      contract: 'stakeManager',
      abi: stakeManagerAbi,
      functionName: 'providerIdOf',
      args: [client.account.address],
    }),
  ])
  if (found === undefined)
    throw new LynodeError('LY-JOB-003', { details: `job ${jobId}` })
  const bids = new BidStore(network.folder)
  return { client, jobId, providerId, bids, ...found }
}
