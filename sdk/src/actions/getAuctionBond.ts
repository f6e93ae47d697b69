import { sealedAuctionsAbi } from '../abis/sealedAuctionsAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import type { Order } from '../types/order.js'
import { readAction } from './readAction.js'

export type GetAuctionBondParameters = { order: Order }

/**
 * Reads what a sealed auction of an order would ask of its requester and of each bidder, in LYN wei (`SealedAuctions.bondOf`).
 *
 * @example
 * const bond = await getAuctionBond(client, { order })
 */
export function getAuctionBond(
  client: LynodeReader,
  { order }: GetAuctionBondParameters,
): Promise<bigint> {
  return readAction(client, {
    contract: 'sealedAuctions',
    abi: sealedAuctionsAbi,
    functionName: 'bondOf',
    args: [order],
  })
}
