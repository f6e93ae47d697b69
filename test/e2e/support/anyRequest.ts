import fc from 'fast-check'

// What a fuzzer sends to an indexer: near enough to real requests to get past
// the first check, and wrong somewhere.

const words = fc.constantFrom(
  ...['SELECT', 'FROM', 'WHERE', 'UNION ALL', 'WITH', 'AS', 'ORDER BY'],
  ...['LIMIT', 'OFFSET', 'GROUP BY', 'JOIN', 'ON', 'INSERT INTO', 'UPDATE'],
  ...['DELETE FROM', 'SET', 'VALUES', 'RETURNING', 'DROP TABLE', 'EXPLAIN'],
  ...['job', 'provider', 'balance', 'j', 'status', 'price', 'pg_authid', '*'],
  ...['count(*)', 'json_agg(j)', 'pg_sleep(9)', 'generate_series(1, 1e9)'],
  ...['(', ')', ',', ';', '--', '/*', '*/', '$1', "'", '1', '1 / 0', '=', '::'],
)
const braces = fc.constantFrom(
  ...['{', '}', '(', ')', ':', ',', '[', ']', '...', '@include', '"', '$x'],
  ...['jobs', 'providers', 'items', 'jobId', 'totalCount', 'pageInfo', 'job'],
  ...['where', 'limit', 'after', 'orderBy', 'AND', 'status_in', 'query'],
  ...['mutation', 'fragment', 'on', '__schema', '__typename', '1', '-1', '1e9'],
)
const value = fc.oneof(
  fc.string(),
  fc.integer().map(String),
  fc.bigInt().map(String),
  fc.constantFrom('99999999999', '2147483648', '0x00', '-1', '1e9', 'null'),
)
const cursor = fc
  .tuple(fc.constantFrom('jobs', 'bids', 'pools', 'buckets'), fc.array(value))
  .map(([list, place]) =>
    Buffer.from(JSON.stringify([list, ...place.slice(0, 5)])).toString(
      'base64url',
    ),
  )
const query = fc.record(
  {
    cursor: fc.oneof(cursor, fc.string()),
    limit: fc.oneof(fc.integer().map(String), value),
    provider: value,
    requester: value,
    status: value,
  },
  { requiredKeys: [] },
)

/** A request of REST, SQL or GraphQL. */
export const anyRequest: fc.Arbitrary<{ path: string; init?: RequestInit }> =
  fc.oneof(
    fc
      .tuple(
        fc.constantFrom('jobs', 'bids', 'pools', 'buckets', 'jobs/0x00'),
        query,
      )
      .map(([list, asked]) => ({
        path: `/v1/${list}?${new URLSearchParams(asked)}`,
      })),
    fc
      .array(words, { minLength: 1, maxLength: 12 })
      .map((parts) => parts.join(' '))
      .map((sql) => ({
        path: `/sql/db?sql=${encodeURIComponent(
          JSON.stringify({ json: { sql, params: [1], typings: [] } }),
        )}`,
      })),
    fc.array(braces, { maxLength: 20 }).map((parts) => ({
      path: '/graphql',
      init: {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: parts.join(' ') }),
      },
    })),
  )
