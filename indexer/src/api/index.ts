import { db } from 'ponder:api'
import schema from 'ponder:schema'
import { sql } from 'drizzle-orm'
import { Hono } from 'hono'
import { client, graphql } from 'ponder'
import { guarded } from './guarded.js'
import { finalisedOf } from './progress.js'
import { type Progress, restApi } from './rest.js'

const progressMaxAgeMs = 250

const app = new Hono()

app.route(
  '/v1',
  restApi({
    async rows({ table, where, order, limit }) {
      return db
        .select()
        .from(table as never)
        .where(where)
        .orderBy(...order)
        .limit(limit) as Promise<Record<string, unknown>[]>
    },
    progress: remembered(readProgress, progressMaxAgeMs),
  }),
)
app.use('/sql/*', guarded, client({ db, schema }))
app.use(
  '/graphql',
  guarded,
  graphql(
    { db, schema },
    {
      maxOperationDepth: 12,
      maxOperationAliases: 15,
      maxOperationTokens: 1_000,
    },
  ),
)

export default app

/** Ponder keeps how far it is beside the tables. */
async function readProgress(): Promise<Progress> {
  const result = (await db.execute(
    sql`SELECT chain_id, latest_checkpoint, finalized_checkpoint FROM _ponder_checkpoint LIMIT 1`,
  )) as unknown as { rows: Record<string, string>[] }
  return finalisedOf(result.rows[0])
}

/** A value that is read again when it is older than some milliseconds. */
function remembered<value>(
  read: () => Promise<value>,
  maxAgeMs: number,
): () => Promise<value> {
  let last: { value: Promise<value>; at: number } | undefined
  return () => {
    const now = performance.now()
    if (last === undefined || now - last.at > maxAgeMs) {
      const value = read()
      last = { value, at: now }
      value.catch(() => {
        last = undefined
      })
    }
    return last.value
  }
}
