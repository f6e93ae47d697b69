import { Hono, type MiddlewareHandler } from 'hono'
import { expect, test } from 'vitest'
import { guarded, guardedGraphql } from '../src/api/guarded.js'
import { guardedSql, type Plan } from '../src/api/guardedSql.js'

const asked: string[] = []
/** As Ponder's: 500 of what it does not take. */
const client: MiddlewareHandler = async (context) => {
  const { sql } = JSON.parse(context.req.query('sql') ?? '').json
  asked.push(sql)
  if (/DELETE/.test(sql)) return context.text('[object Object]', 500)
  return /fails/.test(sql) && !/LIMIT 0/.test(sql)
    ? context.text('division by zero', 500)
    : context.json({ rows: [] })
}

function appOf(plan: Plan) {
  const app = new Hono()
  const reader = { client, plan: async () => plan }
  app.use('/sql/*', guarded, guardedSql(reader), client)
  app.use('/graphql', guarded, guardedGraphql, async (context) => {
    const { query } = await context.req.json()
    return context.json(
      query === 'good' ? { data: {} } : { errors: [{ message: 'bad field' }] },
    )
  })
  return app
}

const small = { cost: 10, rows: 1, bytes: 8 }
const sql = (text: unknown) =>
  `/sql/db?sql=${encodeURIComponent(JSON.stringify({ json: { sql: text } }))}`
const graphql = (query: string) => {
  const body = JSON.stringify({ query })
  const headers = { 'content-length': String(body.length) }
  return { method: 'POST', body, headers }
}

test('default: a query that is allowed and cheap is asked', async () => {
  asked.length = 0
  const response = await appOf(small).request(sql('SELECT 1'))
  expect(response.status).toBe(200)
  expect(asked).toEqual([
    expect.stringMatching(
      /^SELECT 1 FROM \(\nSELECT 1\n\) AS asked LIMIT 0 -- [-\da-f]{36}$/,
    ),
    'SELECT 1',
  ])
})

test.each([
  ['what Ponder refuses', sql('DELETE FROM job'), small, 'no single SELECT'],
  ['what the database refuses', sql('fails'), small, 'division by zero'],
  ['long work', sql('SELECT 1'), { ...small, cost: 2e6 }, 'too long'],
  ['many rows', sql('SELECT 1'), { ...small, rows: 1e6 }, 'rows'],
  ['many bytes', sql('SELECT 1'), { ...small, bytes: 1e9 }, 'bytes'],
  ['no text', sql(5), small, 'no query'],
  ['no JSON', '/sql/db?sql=%7B', small, 'no query'],
  ['nothing', '/sql/db', small, 'no query'],
])('error: SQL: %s is a 400', async (_, path, plan, reason) => {
  const response = await appOf(plan).request(path)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    code: 'LY-IDX-002',
    message: expect.stringContaining(reason),
    remedy: expect.any(String),
  })
})

test('error: SQL: what the planner fails at is a 400', async () => {
  const plan = () => Promise.reject(new Error('division by zero'))
  const app = new Hono().use('/sql/*', guardedSql({ client, plan }), client)
  const response = await app.request(sql('SELECT 1 / 0'))
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('division by zero')
})

test('error: what is too costly is not asked', async () => {
  asked.length = 0
  await appOf({ ...small, cost: 2e6 }).request(sql('SELECT 1'))
  expect(asked).toHaveLength(1)
})

test.each([
  ['its check', /LIMIT 0/],
  ['its answer', /^SELECT 1$/],
])('error: SQL: %s is not waited for without end', async (_, slow) => {
  const never: MiddlewareHandler = async (context) => {
    const { sql } = JSON.parse(context.req.query('sql') ?? '').json
    return slow.test(sql)
      ? new Promise(() => undefined)
      : context.json({ rows: [] })
  }
  const reader = { client: never, plan: async () => small }
  const app = new Hono().use(
    '/sql/*',
    guardedSql(reader, { checkMs: 20, answerMs: 20 }),
    never,
  )
  const response = await app.request(sql('SELECT 1'))
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    code: 'LY-IDX-002',
    message: expect.stringContaining('takes too long'),
  })
})

test('error: no such way, and what is too long', async () => {
  const app = appOf(small)
  expect((await app.request('/sql/other')).status).toBe(404)
  expect((await app.request(`/sql/db?sql=${'x'.repeat(12_000)}`)).status).toBe(
    413,
  )
  const long = graphql('x'.repeat(200_000))
  expect((await app.request('/graphql', long)).status).toBe(413)
})

test('error: GraphQL that is refused is a 400 with a code', async () => {
  const app = appOf(small)
  expect((await app.request('/graphql', graphql('good'))).status).toBe(200)
  const response = await app.request('/graphql', graphql('bad'))
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    code: 'LY-IDX-002',
    message: expect.stringContaining('bad field'),
    errors: [{ message: 'bad field' }],
  })
})
