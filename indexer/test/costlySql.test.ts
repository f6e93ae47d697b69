import { expect, test } from 'vitest'
import { costlySql } from '../src/api/costlySql.js'

const doubled = (times: number) => {
  let query = `SELECT 'aaaaaaaa' AS a`
  for (let i = 0; i < times; i++) query = `SELECT a || a AS a FROM (${query}) x`
  return query
}

test.each([
  'SELECT 1',
  'select * from job limit 1',
  'select count(*), max("block") from "job" where "job"."status" = $1 and price >= 5::numeric',
  `select job.*, a.* from job join attempt a on a.job_id = job.job_id where note like '%~(x%' or note = 'it''s'`,
  "select coalesce(data->>'a', 'b') || '-' || lower(status) from notice where data @> '{}'",
  'select sum(price * count) from (select price, count from job) x where price <> -1',
  'with a as (select 1 as b), c as (select 2 as d) select a.b - -c.d from a, c',
  `select * from job where job_id in (${Array.from({ length: 300 }, (_, i) => `$${i + 1}`).join(', ')})`,
])('default: %s', (sql) => {
  expect(costlySql(sql)).toBeUndefined()
})

test.each([
  ["SELECT 'aaaa' ~ '(((((a{1,30}){1,30}){1,30})))b'", '~'],
  ["SELECT 'a' !~* 'b'", '!~*'],
  ["SELECT 'a' OPERATOR(pg_catalog.~) 'b'", 'operator'],
  ["SELECT 'a' SIMILAR TO 'b'", 'similar'],
  ["SELECT Substring('a', 'b')", 'substring'],
  [`SELECT "substring"('a', 'b')`, 'substring'],
  ["SELECT substring('a' from 'b')", 'substring'],
  ["SELECT 1 /* '*/ ~ '1' --'", '/*'],
  ["SELECT E'\\'' ~ '1'", 'escapes'],
  ["SELECT U&'\\0027'", '&'],
  ['SELECT $$a$$', 'characters'],
  ['SELECT 10::numeric ^ 100000', '^'],
  ['SELECT power(10::numeric, 100000)', 'power'],
  [`SELECT ${'1+'.repeat(2_400)}1`, 'nested'],
  [`SELECT ${'('.repeat(2_400)}1${')'.repeat(2_400)}`, 'nested'],
  [doubled(28), 'together'],
  [
    'SELECT concat(a,a,a,a,a,a) FROM (SELECT concat(a,a,a) AS a FROM x) y',
    'together',
  ],
  ['SELECT ARRAY[a,a,a,a,a,a] FROM (SELECT 1 AS a) y', 'together'],
  ['SELECT a*a*a*a*a*a FROM (SELECT 2 AS a) y', 'together'],
  ["SELECT replace('a', 'a', 'b')", 'replace'],
])('error: %s', (sql, reason) => {
  expect(costlySql(sql)).toContain(reason)
})
