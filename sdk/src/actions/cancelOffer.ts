import type { Hex } from 'viem'
import { offersAbi } from '../abis/offersAbi.js'
import type { ComputeOffer } from '../types/offer.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type CancelOfferParameters = { offer: ComputeOffer }

/** Arguments of `OfferCancelled`. */
export type CancelOfferEvent = { offerId: Hex; providerId: number }

/**
 * Voids an offer for good. The client's account is the provider's hot key or owner (`Offers.cancel`).
 *
 * @example
 * await cancelOffer.sync(client, { offer })
 */
export const cancelOffer: WriteAction<CancelOfferParameters, CancelOfferEvent> =
  writeAction({
    contract: 'offers',
    abi: offersAbi,
    functionName: 'cancel',
    args: ({ offer }) => [offer],
    eventName: 'OfferCancelled',
  })
