import { postOrderToRelays } from '@lynode/runtime'
import type { Order } from '@lynode/sdk'
import { announceOrder, type LynodeClient, LynodeError } from '@lynode/sdk'
import type { Hex } from 'viem'
import { log } from '../output/output.js'

export type SendOrderParameters = {
  order: Order
  signature: Hex
  /** Ids behind `allowedRoot`. */
  allowed?: readonly number[] | undefined
  /** Announce it on chain too, where no relay can keep it from anybody. */
  announce?: boolean | undefined
}

/**
 * Makes a signed order known: by relay, which costs nothing; on chain where
 * that is wanted, where there is no relay, and where none takes the order.
 *
 * @returns The relays that took it.
 */
export async function sendOrder(
  client: LynodeClient,
  relays: readonly string[],
  { order, signature, allowed, announce = false }: SendOrderParameters,
): Promise<string[]> {
  let taken: string[] = []
  if (relays.length > 0)
    try {
      taken = await postOrderToRelays(relays, { order, signature, allowed })
    } catch (error) {
      if (!(error instanceof LynodeError)) throw error
      log(`no relay took the order, so it goes on chain: ${error.details}`)
    }
  if (announce || taken.length === 0)
    await announceOrder.sync(client, { order, signature })
  return taken
}
