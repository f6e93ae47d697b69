import type { Hex } from 'viem'
import { orderId } from '../actions/orderId.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { askRelay } from './askRelay.js'
import { relayPaths } from './relayPaths.js'
import { parseSignedOrder, type SignedOrder } from './signedOrder.js'

/**
 * Asks relays for an order by its job id; the first that has it answers. What
 * does not hash to the id is dropped.
 *
 * @example
 * const signed = await findOrderOnRelays(client, relays, jobId)
 */
export async function findOrderOnRelays(
  client: LynodeReader,
  relays: readonly string[],
  jobId: Hex,
): Promise<SignedOrder | undefined> {
  const { chainId, contracts } = client.addressBook
  for (const relay of relays) {
    const found = await askRelay(relay, `${relay}${relayPaths.order}/${jobId}`)
      .then(parseSignedOrder)
      .catch(() => undefined) // the next one may have it
    if (
      found !== undefined &&
      orderId({ chainId, jobMarket: contracts.jobMarket, ...found }) === jobId
    )
      return found
  }
  return undefined
}
