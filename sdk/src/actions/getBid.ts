import type { Hex } from 'viem'
import { sealedAuctionsAbi } from '../abis/sealedAuctionsAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { type Bid, bidStatuses } from '../types/auction.js'
import { readAction } from './readAction.js'

export type GetBidParameters = { jobId: Hex; providerId: number }

/**
 * Reads what a provider bid in a sealed auction (`SealedAuctions.bidOf`).
 *
 * @example
 * const { status } = await getBid(client, { jobId, providerId })
 */
export async function getBid(
  client: LynodeReader,
  { jobId, providerId }: GetBidParameters,
): Promise<Bid> {
  const bid = await readAction(client, {
    contract: 'sealedAuctions',
    abi: sealedAuctionsAbi,
    functionName: 'bidOf',
    args: [jobId, providerId],
  })
  return { ...bid, status: bidStatuses[bid.status] ?? 'none' }
}
