import {
  getFilled,
  getProvider,
  LynodeError,
  type LynodeReader,
  offerId,
  parseSignedOffer,
  signedOfferToJson,
} from '@lynode/sdk'
import { recoverAddress } from 'viem'
import type { RelayEntry } from './relayStore.js'

/** Longest life of an offer on a relay, in seconds. */
const lifetime = 86_400

/**
 * Decides whether an offer may travel by this relay: the provider's hot key of
 * now signed it, it is not cancelled, filled or over, and the provider has stake
 * to lock with, so that spam costs a stake.
 *
 * @param now - Block time in unix seconds.
 * @throws LynodeError `LY-RLY-001` malformed, `LY-RLY-002` anything else.
 */
export async function admitOffer(
  client: LynodeReader,
  json: unknown,
  now: number,
): Promise<RelayEntry> {
  const signed = parseSignedOffer(json)
  const { offer, signature } = signed
  const { chainId, contracts } = client.addressBook
  const id = offerId({ chainId, offers: contracts.offers, offer })
  const refuse = (details: string) =>
    new LynodeError('LY-RLY-002', { details: `offer ${id} ${details}` })
  if (offer.expiry <= now) throw refuse(`expired at ${offer.expiry}`)
  const [provider, filled, signer] = await Promise.all([
    getProvider(client, offer),
    getFilled(client, { offerId: id }),
    recoverAddress({ hash: id, signature }).catch(() => undefined), // no signature: refused below
  ])
  if (signer?.toLowerCase() !== provider.hotKey.toLowerCase())
    throw refuse(`is not signed by the hot key of provider ${offer.providerId}`)
  if (filled >= offer.capacity) throw refuse('is cancelled or filled')
  if (provider.stake - provider.reserved === 0n)
    throw refuse(`is of provider ${offer.providerId}, which has no free stake`)
  return {
    kind: 'offer',
    id,
    sender: String(offer.providerId),
    body: JSON.stringify(signedOfferToJson(signed)),
    expiry: Math.min(offer.expiry, now + lifetime),
  }
}
