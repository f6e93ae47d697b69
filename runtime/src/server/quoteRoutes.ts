import { getConnInfo } from '@hono/node-server/conninfo'
import {
  LynodeError,
  parseQuoteRequest,
  type QuoteRequest,
  type SignedOffer,
  signedOfferToJson,
} from '@lynode/sdk'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { rateLimit } from './rateLimit.js'

/** Who answers requests for quotes; nobody until a provider has started. */
export type Quotes = {
  answer: ((request: QuoteRequest) => Promise<SignedOffer>) | undefined
}

const maxBytes = 4 * 1024

/**
 * `POST /v1/quotes` (docs/protocol.md section 7). A quote costs a download and
 * perhaps a run, so each caller has a rate.
 */
export function quoteRoutes(quotes: Quotes): Hono {
  const app = new Hono()
  const mayAsk = rateLimit({ burst: 20, perSecond: 2 })
  const limit = bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw new LynodeError('LY-RLY-001', {
        details: `a request has at most ${maxBytes} bytes`,
      })
    },
  })
  app.post('/v1/quotes', limit, async (context) => {
    if (!mayAsk(getConnInfo(context).remote.address ?? ''))
      throw new LynodeError('LY-RLY-004')
    const { answer } = quotes
    if (answer === undefined) throw new LynodeError('LY-QUO-001')
    const json: unknown = await context.req.json().catch(() => undefined) // not JSON: refused by the next line
    return context.json(
      signedOfferToJson(await answer(parseQuoteRequest(json))),
    )
  })
  return app
}
