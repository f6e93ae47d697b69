type Refused = [
  name: string,
  request: {
    path: string
    method?: string
    headers?: Record<string, string>
    body?: string
  },
]

const sql = (text: string, params: unknown[] = []): string =>
  `/sql/db?sql=${encodeURIComponent(
    JSON.stringify({ json: { sql: text, params, typings: [] } }),
  )}`

const graphql = (query: string): Refused[1] => ({
  path: '/graphql',
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query }),
})

const repeated = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ')

/** What an indexer refuses: by REST, SQL and GraphQL. */
export const refusedRequests: Refused[] = [
  ...[
    '/v1/jobs?cursor=AAAA',
    '/v1/jobs?limit=1000000000',
    '/v1/jobs?limit=0',
    `/v1/jobs?cursor=${'x'.repeat(8_000)}`,
    '/v1/jobs?status=a&status=b%00',
    '/v1/providers/-1',
    '/v1/providers/99999999999',
    '/v1/jobs/0x',
    '/v1/jobs/%00',
    '/v1/nothing/at/all',
    '/sql/db',
    '/sql/db?sql=%7B',
    `/sql/db?sql=${'x'.repeat(12_000)}`,
    '/sql/other',
  ].map((path): Refused => [path.slice(0, 60), { path }]),
  ...[
    'DROP TABLE job',
    'CREATE TABLE mine (id int)',
    'ALTER TABLE job ADD COLUMN mine int',
    'TRUNCATE job',
    'INSERT INTO job (chain_id) VALUES (1)',
    'DELETE FROM job',
    "UPDATE job SET status = 'settled'",
    'SELECT 1; DELETE FROM job',
    'SELECT 1; SELECT 2',
    'COMMIT; DELETE FROM job',
    'WITH gone AS (DELETE FROM job RETURNING *) SELECT * FROM gone',
    'SELECT pg_sleep(20)',
    'SELECT * FROM pg_authid',
    "SELECT pg_read_file('/etc/passwd')",
    "COPY job TO '/tmp/job'",
    'SET default_transaction_read_only = off',
    'SELECT * FROM nowhere',
    'nonsense',
    '',
    'SELECT 1 / 0',
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n',
    'SELECT * FROM generate_series(1, 100000000)',
    `SELECT repeat('x', 1000000000)`,
    'SELECT count(*) FROM job a, job b, job c, job d, job e, job f, job g, job h',
    `SELECT ${'('.repeat(3_000)}1${')'.repeat(3_000)}`,
    // These ended the embedded database for good.
    "SELECT 'aaaa' ~ '(((((a{1,30}){1,30}){1,30})))b'",
    "SELECT substring('aaaa', '(((((a{1,30}){1,30}){1,30})))b')",
    `SELECT ${'1+'.repeat(2_000)}1`,
    // And this took a gigabyte.
    `SELECT length(replace(replace('${'a'.repeat(1_000)}','a','${'b'.repeat(1_000)}'),'b','${'c'.repeat(500)}'))`,
  ].map((text): Refused => [text.slice(0, 60), { path: sql(text) }]),
  ...[
    `{ jobs { items { attempt ${'x { '.repeat(40)} ${'} '.repeat(40)} } } }`,
    `{ ${repeated(200, (index) => `a${index}: jobs { totalCount }`)} }`,
    `{ jobs { items { ${repeated(1_500, () => 'jobId')} } } }`,
    '{ jobs(limit: 100000000) { items { jobId } } }',
    '{ jobs(after: "nonsense") { items { jobId } } }',
    '{ jobs(where: { nothing: 1 }) { items { jobId } } }',
    '{ nothing }',
    'mutation { drop }',
    'subscription { jobs { totalCount } }',
    '{',
    '',
  ].map((query): Refused => [`GraphQL ${query.slice(0, 50)}`, graphql(query)]),
  ['SQL with a parameter too many', { path: sql('SELECT 1', [1]) }],
  ['GraphQL no JSON', { ...graphql(''), body: '{' }],
  ['GraphQL too long', graphql(`{ ${'x'.repeat(200_000)} }`)],
]
