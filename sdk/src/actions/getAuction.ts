import type { Hex } from 'viem'
import { sealedAuctionsAbi } from '../abis/sealedAuctionsAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import type { Auction } from '../types/auction.js'
import { readAction } from './readAction.js'

export type GetAuctionParameters = { jobId: Hex }

/**
 * Reads a sealed auction; one that was never opened has `commitEnd` 0 (`SealedAuctions.auctionOf`).
 *
 * @example
 * const auction = await getAuction(client, { jobId })
 */
export function getAuction(
  client: LynodeReader,
  { jobId }: GetAuctionParameters,
): Promise<Auction> {
  return readAction(client, {
    contract: 'sealedAuctions',
    abi: sealedAuctionsAbi,
    functionName: 'auctionOf',
    args: [jobId],
  })
}
