import { randomUUID } from 'node:crypto'
import { Hono, type MiddlewareHandler } from 'hono'
import { z } from 'zod'
import { costlySql } from './costlySql.js'
import { refused } from './refused.js'

/** How the database would answer a query. */
export type Plan = { cost: number; rows: number; bytes: number }

/** Parses, plans and answers queries. */
export type SqlReader = {
  /** Ponder's own middleware. */
  client: MiddlewareHandler
  plan(text: string, params: readonly unknown[]): Promise<Plan>
}

// A million of the planner's units are a few seconds: the embedded database
// answers nothing else meanwhile, and nobody can stop it.
const maxCost = 1_000_000
const maxRows = 20_000
const maxBytes = 20_000_000

// Ponder asks PostgreSQL again for a minute after most errors, such as a
// parameter too many. Nobody waits for that.
const patience = { checkMs: 8_000, answerMs: 10_000 }

// As Ponder's client writes it; its dates and big numbers are text to the planner.
const asked = z.object({
  json: z.object({
    sql: z.string().min(1).max(5_000),
    params: z.array(z.unknown()).max(1_000).default([]),
  }),
})

/**
 * Stands before Ponder's SQL over HTTP: what is no single `SELECT` over the
 * tables is refused before any of it runs, and so is what would take long or
 * give more than anybody reads.
 */
export function guardedSql(
  reader: SqlReader,
  { checkMs, answerMs } = patience,
): MiddlewareHandler {
  const inner = new Hono().use('/sql/*', reader.client)
  // Ponder remembers what it allowed by 40 bits of a hash: without a word that
  // nobody can guess, another query could be found that has the same ones.
  const secret = randomUUID()
  // Its parser decides on the query as a part of one that asks for no row.
  const isAllowed = (text: string, params: readonly unknown[]) => {
    const sql = `SELECT 1 FROM (\n${text}\n) AS asked LIMIT 0 -- ${secret}`
    const query = JSON.stringify({ json: { sql, params, typings: [] } })
    return inner.request(`/sql/db?sql=${encodeURIComponent(query)}`)
  }
  return async (context, next) => {
    const { path } = context.req
    if (path !== '/sql/db' && path !== '/sql/live')
      return refused(context, 404, `${path}: there are /sql/db and /sql/live`)
    const query = parse(context.req.query('sql'))
    if (query === undefined)
      return refused(context, 400, 'sql: is no query of the client')
    const { sql, params } = query
    const costly = costlySql(sql)
    if (costly !== undefined) return refused(context, 400, `sql: ${costly}`)
    const answer = await within(checkMs, isAllowed(sql, params))
    if (answer === undefined) return refused(context, 400, failing)
    if (!answer.ok) return refused(context, 400, await reasonIn(answer))
    // What the planner fails at, such as a constant divided by zero.
    const plan = await reader.plan(sql, params).catch(messageOf)
    if (typeof plan === 'string') return refused(context, 400, `sql: ${plan}`)
    const tooMuch = excessOf(plan)
    if (tooMuch !== undefined) return refused(context, 400, tooMuch)
    const answered = await within(
      answerMs,
      next().then(() => true),
    )
    if (answered === undefined) return refused(context, 400, failing)
    // Ponder says 500 of whatever the database refuses.
    if (context.res.status === 500) {
      const details = await reasonIn(context.res.clone())
      context.res = undefined
      context.res = refused(context, 400, details)
    }
    return undefined
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

const failing = 'sql: the database fails at it, or takes too long'

/** What comes of something, unless it takes longer than some milliseconds. */
async function within<value>(
  ms: number,
  work: Promise<value> | value,
): Promise<value | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function parse(text: string | undefined) {
  try {
    const result = asked.safeParse(JSON.parse(text ?? ''))
    return result.success ? result.data.json : undefined
  } catch {
    // No JSON: refused by the caller.
    return undefined
  }
}

function excessOf({ cost, rows, bytes }: Plan): string | undefined {
  if (cost > maxCost)
    return `sql: it would take too long (cost ${Math.round(cost)} of ${maxCost}); narrow it`
  if (rows > maxRows || bytes > maxBytes)
    return `sql: it would give about ${Math.round(rows)} rows of ${Math.round(bytes)} bytes; ask for ${maxRows} and ${maxBytes} at most`
  return undefined
}

/** Ponder names the part of a query that it refuses, but not an error of its parser. */
async function reasonIn(answer: Response): Promise<string> {
  const told = (await answer.text()).slice(0, 500)
  return `sql: ${told.includes('[object') ? 'is no single SELECT over the tables' : told}`
}
