import type { Hex } from 'viem'
import { offersAbi } from '../abis/offersAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { readAction } from './readAction.js'

export type GetFilledParameters = { offerId: Hex }

/**
 * Reads how many steps of an offer are taken; 2^64 - 1 for a cancelled one (`Offers.filledOf`).
 *
 * @example
 * const steps = await getFilled(client, { offerId: offerId({ chainId, offers: addressBook.contracts.offers, offer }) })
 */
export function getFilled(
  client: LynodeReader,
  { offerId }: GetFilledParameters,
): Promise<bigint> {
  return readAction(client, {
    contract: 'offers',
    abi: offersAbi,
    functionName: 'filledOf',
    args: [offerId],
  })
}
