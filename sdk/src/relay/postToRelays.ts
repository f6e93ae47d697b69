import { LynodeError } from '../errors/lynodeError.js'
import { reasonOf } from './askRelay.js'
import { postItem } from './postItem.js'
import type { RelayKind } from './relayPaths.js'
import { type SignedOffer, signedOfferToJson } from './signedOffer.js'
import { type SignedOrder, signedOrderToJson } from './signedOrder.js'

/**
 * Sends a signed order to relays; one that takes it is enough.
 *
 * @returns The relays that took it.
 * @throws LynodeError `LY-RLY-005` when none did, with each one's reason.
 * @example
 * const { signature } = await signOrder(client, { order })
 * await postOrderToRelays(relays, { order, signature })
 */
export function postOrderToRelays(
  relays: readonly string[],
  signed: SignedOrder,
  signal?: AbortSignal,
): Promise<string[]> {
  return postToRelays(relays, 'order', signedOrderToJson(signed), signal)
}

/**
 * Sends a signed offer to relays; one that takes it is enough.
 *
 * @returns The relays that took it.
 * @throws LynodeError `LY-RLY-005` when none did, with each one's reason.
 * @example
 * const { signature } = await signOffer(client, { offer })
 * await postOfferToRelays(relays, { offer, signature })
 */
export function postOfferToRelays(
  relays: readonly string[],
  signed: SignedOffer,
  signal?: AbortSignal,
): Promise<string[]> {
  return postToRelays(relays, 'offer', signedOfferToJson(signed), signal)
}

async function postToRelays(
  relays: readonly string[],
  kind: RelayKind,
  message: object,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const body = JSON.stringify(message)
  const answers = await Promise.allSettled(
    relays.map((relay) => postItem(relay, kind, body, signal)),
  )
  const taken = relays.filter((_, i) => answers[i]?.status === 'fulfilled')
  if (taken.length > 0) return taken
  signal?.throwIfAborted()
  throw new LynodeError('LY-RLY-005', {
    details: answers
      .map((answer) =>
        answer.status === 'rejected' ? detailsOf(answer.reason) : '',
      )
      .join('; '),
  })
}

function detailsOf(error: unknown): string {
  return error instanceof LynodeError && error.details !== undefined
    ? error.details
    : reasonOf(error)
}
