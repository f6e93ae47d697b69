import {
  type Hex,
  LynodeError,
  type LynodeReader,
  orderId,
  parseSignedOffer,
  parseSignedOrder,
  type QuoteRequest,
  quoteRequestToJson,
  type SignedOffer,
  type SignedOrder,
  signedOfferToJson,
  signedOrderToJson,
} from '@lynode/sdk'
import { z } from 'zod'
import { errorText } from '../errors/errorText.js'
import type { RelayKind } from './relayStore.js'

/** Path of each kind on a relay. */
export const relayPaths: Record<RelayKind, string> = {
  order: '/v1/orders',
  offer: '/v1/offers',
  heartbeat: '/v1/heartbeats',
}

const timeoutMs = 10_000

const listSchema = z.object({
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
export type RelayList = z.infer<typeof listSchema>

/** Reads a relay's items behind a sequence. @throws LynodeError `LY-RLY-005` */
export async function listItems(
  relay: string,
  kind: RelayKind,
  page: { after: number; limit: number; signal?: AbortSignal | undefined },
): Promise<RelayList> {
  const url = `${relay}${relayPaths[kind]}?after=${page.after}&limit=${page.limit}`
  return listSchema.parse(await ask(relay, url, { signal: page.signal }))
}

/** Sends a message, already JSON, to a relay. @throws LynodeError `LY-RLY-005` */
export async function postItem(
  relay: string,
  kind: RelayKind,
  body: string,
  signal?: AbortSignal,
): Promise<void> {
  await ask(relay, `${relay}${relayPaths[kind]}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal,
  })
}

/**
 * Sends a signed order to relays; one that takes it is enough.
 *
 * @returns The relays that took it.
 * @throws LynodeError `LY-RLY-005` when none did, with each one's reason.
 */
export function postOrderToRelays(
  relays: readonly string[],
  signed: SignedOrder,
): Promise<string[]> {
  return postToRelays(relays, 'order', signedOrderToJson(signed))
}

/** As `postOrderToRelays`, of an offer. */
export function postOfferToRelays(
  relays: readonly string[],
  signed: SignedOffer,
): Promise<string[]> {
  return postToRelays(relays, 'offer', signedOfferToJson(signed))
}

async function postToRelays(
  relays: readonly string[],
  kind: RelayKind,
  message: object,
): Promise<string[]> {
  const body = JSON.stringify(message)
  const answers = await Promise.allSettled(
    relays.map((relay) => postItem(relay, kind, body)),
  )
  const taken = relays.filter((_, i) => answers[i]?.status === 'fulfilled')
  if (taken.length > 0) return taken
  throw new LynodeError('LY-RLY-005', {
    details: answers
      .map((answer) =>
        answer.status === 'rejected' ? errorText(answer.reason) : '',
      )
      .join('; '),
  })
}

/** Asks relays for an order by its job id; the first that has it answers. */
export async function findOrderOnRelays(
  client: LynodeReader,
  relays: readonly string[],
  jobId: Hex,
): Promise<SignedOrder | undefined> {
  const { chainId, contracts } = client.addressBook
  for (const relay of relays) {
    const found = await ask(relay, `${relay}${relayPaths.order}/${jobId}`, {})
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

/** Lists the live offers of relays, each once, and which relay has it. */
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

/**
 * Asks a provider for its price for one input.
 *
 * @returns An offer that it signed, bound to the input and the requester.
 * @throws LynodeError `LY-RLY-005` when it does not answer or does not want to.
 */
export async function askQuote(
  endpoint: string,
  request: QuoteRequest,
  signal?: AbortSignal,
): Promise<SignedOffer> {
  return parseSignedOffer(
    await ask(endpoint, `${endpoint}/v1/quotes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(quoteRequestToJson(request)),
      signal,
    }),
  )
}

async function ask(
  relay: string,
  url: string,
  init: { [name: string]: unknown; signal?: AbortSignal | undefined },
): Promise<unknown> {
  const limit = AbortSignal.timeout(timeoutMs)
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit
  let response: Response
  try {
    response = await fetch(url, { ...init, signal })
  } catch (cause) {
    throw new LynodeError('LY-RLY-005', {
      details: `${relay}: ${errorText(cause)}`,
      cause,
    })
  }
  const text = await response.text()
  if (!response.ok)
    throw new LynodeError('LY-RLY-005', {
      details: `${relay}: HTTP status ${response.status} ${text.slice(0, 300)}`,
    })
  return JSON.parse(text)
}
