import type { Hex } from 'viem'
import { type ComputeOffer, offerTypes } from '../types/offer.js'
import {
  readSignature,
  type StructJson,
  structFromJson,
  structToJson,
} from './structJson.js'

/** An offer as it travels by relay. */
export type SignedOffer = { offer: ComputeOffer; signature: Hex }

/** The same in JSON, as `POST /v1/offers` takes it (docs/protocol.md section 7). */
export type SignedOfferJson = { offer: StructJson; signature: Hex }

/**
 * Writes a signed offer for a relay.
 *
 * @example
 * signedOfferToJson({ offer, signature })
 */
export function signedOfferToJson({
  offer,
  signature,
}: SignedOffer): SignedOfferJson {
  return { offer: structToJson(offerTypes.ComputeOffer, offer), signature }
}

/**
 * Reads a signed offer from a relay. Form only: nothing is known of the
 * signature.
 *
 * @throws LynodeError `LY-RLY-001` that names the first bad field.
 * @example
 * parseSignedOffer(signedOfferToJson({ offer, signature }))
 */
export function parseSignedOffer(json: unknown): SignedOffer {
  const { offer, signature } = (json ?? {}) as Partial<
    Record<'offer' | 'signature', unknown>
  >
  return {
    offer: structFromJson(offerTypes.ComputeOffer, offer) as ComputeOffer,
    signature: readSignature(signature),
  }
}
