import { db } from 'ponder:api'
import schema from 'ponder:schema'
import { type SQL, sql } from 'drizzle-orm'
import { Hono } from 'hono'
import { client, graphql } from 'ponder'
import { viewTables } from '../../schema/views.js'
import { guarded, guardedGraphql } from './guarded.js'
import { guardedSql, type Plan } from './guardedSql.js'
import { finalisedOf } from './progress.js'
import { type Progress, restApi } from './rest.js'
import { tables } from './tables.js'

const progressMaxAgeMs = 250

const isEmbedded = !process.env['DATABASE_URL']

// The embedded database is built to avoid reading whole tables at any price:
// plans of small ones and of sums have that price then, 10^10 of its units.
if (isEmbedded) await db.execute(sql`SET enable_seqscan = on`)

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
const sqlClient = client({ db, schema })
app.use(
  '/sql/*',
  guarded,
  guardedSql({ client: sqlClient, plan: planOf }),
  sqlClient,
)
app.use(
  '/graphql',
  guarded,
  guardedGraphql,
  graphql(
    { db, schema: tables },
    {
      maxOperationDepth: 12,
      maxOperationAliases: 15,
      maxOperationTokens: 1_000,
    },
  ),
)

// By this Ponder's GraphQL reads single rows; Drizzle has it for tables alone.
for (const [name, table] of Object.entries(viewTables))
  Object.assign(db.query, {
    [name]: {
      findMany: ({ where, limit }: { where: SQL; limit: number }) =>
        db
          .select()
          .from(table as never)
          .where(where)
          .limit(limit),
    },
  })

export default app

/** Ponder keeps how far it is beside the tables. */
async function readProgress(): Promise<Progress> {
  const result = (await db.execute(
    sql`SELECT chain_id, latest_checkpoint, finalized_checkpoint FROM _ponder_checkpoint LIMIT 1`,
  )) as unknown as { rows: Record<string, string>[] }
  return finalisedOf(result.rows[0])
}

/** What the planner expects of a query; its parameters are bound as Ponder does it. */
async function planOf(text: string, params: readonly unknown[]): Promise<Plan> {
  const { session } = (db as unknown as { _: Internals })._
  // Ponder writes through temporary tables of the same names, which hide the
  // others from whoever shares its session. It makes them again when it needs them.
  if (isEmbedded) await db.execute(sql`DISCARD TEMP`)
  const query = { sql: `EXPLAIN (FORMAT JSON) ${text}`, params }
  const answer = await session
    .prepareQuery(query, undefined, undefined, false)
    .execute()
  const told = answer.rows[0]?.['QUERY PLAN']
  const [{ Plan: plan }] = (
    typeof told === 'string' ? JSON.parse(told) : told
  ) as [{ Plan: PlanNode }]
  // An aggregate of documents is one row that carries all of them.
  const rows = /json_\w*agg/i.test(text) ? mostRows(plan) : plan['Plan Rows']
  return {
    cost: plan['Total Cost'],
    rows,
    bytes: rows * plan['Plan Width'],
  }
}

type PlanNode = Record<'Plan Rows' | 'Plan Width' | 'Total Cost', number> & {
  Plans?: PlanNode[]
}

function mostRows({ Plans = [], ...own }: PlanNode): number {
  return Math.max(own['Plan Rows'], ...Plans.map(mostRows))
}

/** What Drizzle keeps of a database, by which Ponder itself asks. */
type Internals = {
  session: {
    prepareQuery(...query: unknown[]): {
      execute(): Promise<{ rows: Record<string, unknown>[] }>
    }
  }
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
