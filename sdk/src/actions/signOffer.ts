import type { Hex } from 'viem'
import { signTypedData } from 'viem/actions'
import type { LynodeClient } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import { type ComputeOffer, offerTypes } from '../types/offer.js'
import { offerDomain, offerId } from './offerId.js'

export type SignOfferParameters = { offer: ComputeOffer }

export type SignOfferReturnType = { offerId: Hex; signature: Hex }

/**
 * Signs an offer with the client's account, the provider's hot key (EIP-712). Nothing is sent.
 *
 * @example
 * const { signature } = await signOffer(hot, { offer })
 */
export async function signOffer(
  client: LynodeClient,
  { offer }: SignOfferParameters,
): Promise<SignOfferReturnType> {
  const { chainId, contracts } = client.addressBook
  const place = { chainId, offers: contracts.offers }
  try {
    const signature = await signTypedData(client, {
      account: client.account,
      domain: offerDomain(place),
      types: offerTypes,
      primaryType: 'ComputeOffer',
      message: offer,
    })
    return { offerId: offerId({ ...place, offer }), signature }
  } catch (error) {
    throw toLynodeError(error)
  }
}
