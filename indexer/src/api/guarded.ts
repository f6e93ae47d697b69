import { LynodeError } from '@lynode/sdk'
import { createMiddleware } from 'hono/factory'

const maxBodyBytes = 100_000
const maxQueryLength = 10_000

/**
 * Stands before Ponder's GraphQL and SQL: what they refuse is the caller's
 * fault, and is said with a 4xx, as everything else here. Ponder answers a
 * query that it refuses with 200 or 500.
 */
export const guarded = createMiddleware(async (context, next) => {
  const { req } = context
  if (
    req.url.length > maxQueryLength ||
    Number(req.header('content-length') ?? 0) > maxBodyBytes
  )
    return context.json(refusal('the query is too long'), 413)
  await next()
  const corrected = req.path.startsWith('/graphql')
    ? await correctedGraphql(context.res)
    : await correctedSql(context.res)
  if (corrected !== undefined) {
    context.res = undefined
    context.res = corrected
  }
  return undefined
})

async function correctedGraphql(
  response: Response,
): Promise<Response | undefined> {
  if (!/json/.test(response.headers.get('content-type') ?? '')) return undefined
  const answer = (await response.clone().json()) as { data?: unknown }
  if (answer.data !== undefined && answer.data !== null) return undefined
  return Response.json(answer, { status: 400 })
}

async function correctedSql(response: Response): Promise<Response | undefined> {
  if (response.status !== 500) return undefined
  const details = await response.clone().text()
  return Response.json(refusal(details.slice(0, 500)), { status: 400 })
}

function refusal(details: string) {
  const { code, message, remedy } = new LynodeError('LY-IDX-002', { details })
  return { code, message, remedy }
}
