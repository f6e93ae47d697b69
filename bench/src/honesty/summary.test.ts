import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { OperatorUse } from './judgeModel.js'
import { graphicsHeading, isFresh, mostUse, summaryOf } from './summary.js'

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

test('behavior: what did not run keeps its part of the page', () => {
  const use = (provider: 'cpu' | 'webgpu'): OperatorUse => ({
    model: 'cls',
    batch: 1,
    provider,
    operator: `Exp of ${provider}`,
    room: true,
    elements: 7,
    outside: 0,
    anything: 0,
    worst: 0.25,
    at: 'y[0]',
  })
  const own = summaryOf([use('cpu')], 'one CPU', [1], '')
  expect(own).not.toContain(graphicsHeading)
  expect(isFresh(own)).toBe(true)
  const both = summaryOf([use('webgpu')], 'another', [1], own)
  expect(both.startsWith(own)).toBe(true)
  expect(both).toContain('| Exp of webgpu | 7 | 0 | 0.25 | y[0] |')
  expect(summaryOf([use('cpu')], 'one CPU', [1], both)).toBe(both)
  expect(summaryOf([use('webgpu')], 'another', [1], both)).toBe(both)
})
