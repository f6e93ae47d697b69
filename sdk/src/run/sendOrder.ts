import type { Hex } from 'viem'
import { announceOrder } from '../actions/announceOrder.js'
import type { LynodeClient } from '../clients/lynodeClient.js'
import { LynodeError } from '../errors/lynodeError.js'
import { postOrderToRelays } from '../relay/postToRelays.js'
import type { Order } from '../types/order.js'

export type SendOrderParameters = {
  order: Order
  signature: Hex
  /** Ids behind `allowedRoot`. */
  allowed?: readonly number[] | undefined
  /** Announce it on chain too, where no relay can keep it from anybody. */
  announce?: boolean | undefined
  report?: ((line: string) => void) | undefined
  signal?: AbortSignal | undefined
}

/**
 * Makes a signed order known: by relay, which costs nothing; on chain where
 * that is wanted, where there is no relay, and where none takes the order.
 *
 * @returns The relays that took it.
 * @example
 * const { signature } = await signOrder(client, { order })
 * await sendOrder(client, relays, { order, signature })
 */
export async function sendOrder(
  client: LynodeClient,
  relays: readonly string[],
  parameters: SendOrderParameters,
): Promise<string[]> {
  const { order, signature, allowed, announce = false, signal } = parameters
  let taken: string[] = []
  if (relays.length > 0)
    try {
      taken = await postOrderToRelays(
        relays,
        { order, signature, allowed },
        signal,
      )
    } catch (error) {
      if (!(error instanceof LynodeError)) throw error
      parameters.report?.(
        `no relay took the order, so it goes on chain: ${error.details}`,
      )
    }
  if (announce || taken.length === 0)
    await announceOrder.sync(client, { order, signature })
  return taken
}
