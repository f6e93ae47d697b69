import { z } from 'zod'
import { LynodeError } from '../errors/lynodeError.js'
import { askRelay } from './askRelay.js'
import { type RelayKind, relayPaths } from './relayPaths.js'
import { parseSignedOffer, type SignedOffer } from './signedOffer.js'

const listSchema: z.ZodType<RelayList> = z.object({
  items: z
    .array(
      z.object({
        sequence: z.int().positive(),
        id: z.string(),
        message: z.unknown(),
      }),
    )
    .max(1_000),
  latest: z.int().nonnegative(),
})

/** What a relay lists: messages as they were posted, and its newest sequence. */
export type RelayList = {
  items: { sequence: number; id: string; message?: unknown }[]
  latest: number
}

/**
 * Reads a relay's items behind a sequence.
 *
 * @throws LynodeError `LY-RLY-005` when it does not answer as it should.
 * @example
 * const { items, latest } = await listItems(relay, 'order', { after: 0, limit: 100 })
 */
export async function listItems(
  relay: string,
  kind: RelayKind,
  page: { after: number; limit: number; signal?: AbortSignal | undefined },
): Promise<RelayList> {
  const url = `${relay}${relayPaths[kind]}?after=${page.after}&limit=${page.limit}`
  return listSchema.parse(await askRelay(relay, url, { signal: page.signal }))
}

/**
 * Lists the live offers of relays, each once.
 *
 * @throws LynodeError `LY-RLY-005` when no relay answers.
 * @example
 * for (const { id, signed } of await listOffers(relays))
 *   console.log(id, signed.offer.pricePerStep)
 */
export async function listOffers(
  relays: readonly string[],
): Promise<{ id: string; signed: SignedOffer }[]> {
  const lists = await Promise.allSettled(
    relays.map((relay) =>
      listItems(relay, 'offer', { after: 0, limit: 1_000 }),
    ),
  )
  const offers = new Map<string, SignedOffer>()
  for (const list of lists)
    if (list.status === 'fulfilled')
      for (const { id, message } of list.value.items)
        offers.set(id, parseSignedOffer(message))
  if (lists.length > 0 && lists.every(({ status }) => status === 'rejected'))
    throw new LynodeError('LY-RLY-005', { details: relays.join(', ') })
  return [...offers].map(([id, signed]) => ({ id, signed }))
}
