import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isFresh, mostUse } from './summary.js'

const page = readFileSync(
  new URL('../../../docs/honesty.md', import.meta.url),
  'utf8',
)

test('behavior: docs/honesty.md is what bench:honesty writes', () => {
  expect(isFresh(page)).toBe(true)
  expect(isFresh(page.replace('2 threads', '3 threads'))).toBe(false)
})

test('behavior: no operator of the published run takes more than half of its allowance', () => {
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| operator'))
    .map((row) => row.split('|').map((cell) => cell.trim()))
  expect(rows.length).toBeGreaterThan(10)
  for (const [, operator, , outside, share] of rows) {
    expect([operator, outside]).toEqual([operator, '0'])
    expect([operator, Number(share) <= mostUse]).toEqual([operator, true])
  }
})
