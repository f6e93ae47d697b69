import {
  getProvider,
  heartbeatSigner,
  heartbeatToJson,
  LynodeError,
  type LynodeReader,
  parseHeartbeat,
} from '@lynode/sdk'
import type { RelayEntry } from './relayStore.js'

/** Seconds after which a provider that is not heard of is not listed. */
const lifetime = 300

/**
 * Decides whether a heartbeat may travel by this relay: it is the provider's
 * own, and of now.
 *
 * @param now - Block time in unix seconds.
 * @throws LynodeError `LY-RLY-001` malformed, `LY-RLY-002` not the provider's
 * or of another time.
 */
export async function admitHeartbeat(
  client: LynodeReader,
  json: unknown,
  now: number,
): Promise<RelayEntry> {
  const signed = parseHeartbeat(json)
  const { providerId, at } = signed.heartbeat
  if (Math.abs(at - now) > lifetime)
    throw new LynodeError('LY-RLY-002', {
      details: `a heartbeat of ${at}, it is ${now}`,
    })
  const [{ hotKey }, signer] = await Promise.all([
    getProvider(client, { providerId }),
    heartbeatSigner(client.addressBook.chainId, signed).catch(() => undefined), // no signature: refused below
  ])
  if (signer?.toLowerCase() !== hotKey.toLowerCase())
    throw new LynodeError('LY-RLY-002', {
      details: `the heartbeat is not signed by the hot key of provider ${providerId}`,
    })
  return {
    kind: 'heartbeat',
    id: `provider-${providerId}`,
    sender: String(providerId),
    body: JSON.stringify(heartbeatToJson(signed)),
    expiry: at + lifetime,
  }
}
