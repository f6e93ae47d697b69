import { askRelay } from './askRelay.js'
import { type RelayKind, relayPaths } from './relayPaths.js'

/**
 * Sends a message, already JSON, to a relay. @throws LynodeError `LY-RLY-005`
 *
 * @example
 * await postItem(relay, 'offer', JSON.stringify(signedOfferToJson({ offer, signature })))
 */
export async function postItem(
  relay: string,
  kind: RelayKind,
  body: string,
  signal?: AbortSignal,
): Promise<void> {
  const url = `${relay}${relayPaths[kind]}`
  await askRelay(relay, url, { method: 'POST', body, signal })
}
