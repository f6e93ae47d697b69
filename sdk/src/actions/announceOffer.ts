import type { Hex } from 'viem'
import { offersAbi } from '../abis/offersAbi.js'
import type { ComputeOffer } from '../types/offer.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type AnnounceOfferParameters = { offer: ComputeOffer; signature: Hex }

/** Arguments of `OfferAnnounced`. */
export type AnnounceOfferEvent = {
  offerId: Hex
  providerId: number
  offer: ComputeOffer
  signature: Hex
}

/**
 * Announces a signed offer on chain. An event only: nothing is stored or checked (`Offers.announce`).
 *
 * @example
 * const { signature } = await signOffer(client, { offer })
 * await announceOffer.sync(client, { offer, signature })
 */
export const announceOffer: WriteAction<
  AnnounceOfferParameters,
  AnnounceOfferEvent
> = writeAction({
  contract: 'offers',
  abi: offersAbi,
  functionName: 'announce',
  args: ({ offer, signature }) => [offer, signature],
  eventName: 'OfferAnnounced',
})
