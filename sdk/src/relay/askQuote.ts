import { askRelay } from './askRelay.js'
import { type QuoteRequest, quoteRequestToJson } from './quoteRequest.js'
import { parseSignedOffer, type SignedOffer } from './signedOffer.js'

/**
 * Asks a provider for its price for one input.
 *
 * @returns An offer that it signed, bound to the input and the requester.
 * @throws LynodeError `LY-RLY-005` when it does not answer or does not want to.
 * @example
 * const { offer } = await askQuote(provider.endpoint, request)
 * console.log(formatAmount(offer.pricePerStep))
 */
export async function askQuote(
  endpoint: string,
  request: QuoteRequest,
  signal?: AbortSignal,
): Promise<SignedOffer> {
  return parseSignedOffer(
    await askRelay(endpoint, `${endpoint}/v1/quotes`, {
      method: 'POST',
      body: JSON.stringify(quoteRequestToJson(request)),
      signal,
    }),
  )
}
