import {
  type Address,
  type Hex,
  hashTypedData,
  type TypedDataDomain,
} from 'viem'
import { type ComputeOffer, offerTypes } from '../types/offer.js'

/**
 * The EIP-712 domain of offers (docs/protocol.md section 4).
 *
 * @example
 * offerDomain({ chainId, offers: addressBook.contracts.offers })
 */
export function offerDomain(parameters: {
  chainId: number
  offers: Address
}): TypedDataDomain {
  return {
    name: 'Lynode Offers',
    version: '1',
    chainId: parameters.chainId,
    verifyingContract: parameters.offers,
  }
}

export type OfferIdParameters = {
  chainId: number
  offers: Address
  offer: ComputeOffer
}

/**
 * Computes the id of an offer, as `Offers.offerIdOf` does.
 *
 * @example
 * offerId({ chainId, offers: addressBook.contracts.offers, offer })
 */
export function offerId(parameters: OfferIdParameters): Hex {
  return hashTypedData({
    domain: offerDomain(parameters),
    types: offerTypes,
    primaryType: 'ComputeOffer',
    message: parameters.offer,
  })
}
