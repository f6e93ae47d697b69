import { getConnInfo } from '@hono/node-server/conninfo'
import { LynodeError, type RelayKind, relayPaths } from '@lynode/sdk'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { rateLimit } from '../server/rateLimit.js'
import type { Relay } from './relay.js'

/** Largest message; a signed order has about 2 kB. */
const maxBytes = 64 * 1024

/**
 * `POST` and `GET` of orders, offers and heartbeats (docs/protocol.md section 7).
 * Everything that is posted is checked against the chain, so each caller has a
 * rate.
 */
export function relayRoutes(relay: Relay): Hono {
  const app = new Hono()
  const mayPost = rateLimit({ burst: 100, perSecond: 20 })
  for (const kind of ['order', 'offer', 'heartbeat'] as const) {
    const path = relayPaths[kind]
    app.post(
      path,
      bodyLimit({
        maxSize: maxBytes,
        onError: () => {
          throw new LynodeError('LY-RLY-001', {
            details: `a message has at most ${maxBytes} bytes`,
          })
        },
      }),
      async (context) => {
        if (!mayPost(callerOf(context))) throw new LynodeError('LY-RLY-004')
        const json: unknown = await context.req.json().catch(() => undefined) // not JSON: refused by the next line
        const { id, isNew } = await relay.add(kind, json)
        return context.json({ id }, isNew ? 201 : 200)
      },
    )
    app.get(path, (context) => context.json(list(relay, kind, context)))
    app.get(`${path}/:id`, (context) => {
      const body = relay.store.get(kind, context.req.param('id').toLowerCase())
      if (body === undefined)
        throw new LynodeError('LY-RLY-006', {
          details: context.req.param('id'),
        })
      return context.body(body, 200, { 'content-type': 'application/json' })
    })
  }
  return app
}

function list(relay: Relay, kind: RelayKind, context: Context) {
  const after = readNumber(context.req.query('after'), 'after', 0, 2 ** 48)
  const limit = readNumber(context.req.query('limit'), 'limit', 100, 1_000)
  return {
    items: relay.store
      .list(kind, after, limit)
      .map(({ sequence, id, body }) => ({
        sequence,
        id,
        message: JSON.parse(body) as unknown,
      })),
    latest: relay.store.latest(kind),
  }
}

function readNumber(
  text: string | undefined,
  name: string,
  otherwise: number,
  most: number,
): number {
  if (text === undefined) return otherwise
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (value <= most) return value
  throw new LynodeError('LY-HTTP-400', {
    shortMessage: `${name} must be a whole number up to ${most}`,
  })
}

function callerOf(context: Context): string {
  return getConnInfo(context).remote.address ?? ''
}
