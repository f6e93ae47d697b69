import { createMiddleware } from 'hono/factory'
import { refused } from './refused.js'

const maxBodyBytes = 100_000
const maxUrlLength = 10_000

/** Refuses what is too long to be a question. */
export const guarded = createMiddleware(async (context, next) => {
  const { req } = context
  const length = req.header('content-length')
  const isTooLong =
    req.url.length > maxUrlLength ||
    // A body of unknown length may have no end.
    (req.method === 'POST' && length === undefined) ||
    Number(length ?? 0) > maxBodyBytes
  if (isTooLong) return refused(context, 413, 'the query is too long')
  await next()
  return undefined
})

/** Ponder answers a GraphQL query that it refuses with 200: it is a 400 here. */
export const guardedGraphql = createMiddleware(async (context, next) => {
  await next()
  const { res } = context
  if (!/json/.test(res.headers.get('content-type') ?? '')) return undefined
  const answer = (await res.clone().json()) as {
    data?: unknown
    errors?: { message?: string }[]
  }
  if (answer.data !== undefined && answer.data !== null) return undefined
  const { errors = [] } = answer
  const details = `graphql: ${errors[0]?.message ?? 'no answer'}`
  context.res = undefined
  context.res = refused(context, 400, details, { errors })
  return undefined
})
