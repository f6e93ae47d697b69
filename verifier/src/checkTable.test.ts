import { openDatabase } from '@lynode/runtime'
import { chunkBytes, type Hex } from '@lynode/sdk'
import { expect, test } from 'vitest'
import { AuditTable } from './auditTable.js'
import { CheckTable } from './checkTable.js'

const execId: Hex = `0x${'1'.repeat(64)}`
const dataRoot: Hex = `0x${'2'.repeat(64)}`

function table() {
  return new CheckTable(openDatabase(':memory:', 'test'))
}

/** Chunks whose bytes are all their number; the last one is short. */
function bytesOf(first: number, count: number, last = chunkBytes): Hex {
  const digits = Array.from({ length: count }, (_, i) =>
    (first + i)
      .toString(16)
      .padStart(2, '0')
      .repeat(i + 1 === count ? last : chunkBytes),
  )
  return `0x${digits.join('')}`
}

test('behavior: an answer to a friend of the provider is not taken for a wider range (A3)', () => {
  const checks = table()
  const at = { step: 0, value: 7, dataRoot }
  checks.addChunks(execId, { ...at, chunk: 0, data: bytesOf(0, 1) })
  expect(checks.chunksAt(execId, 0, 7, 0, 3)).toBeUndefined()
  // The chunks may come in several answers, overlapping, in any order.
  checks.addChunks(execId, { ...at, chunk: 1, data: bytesOf(1, 2, 10) })
  checks.addChunks(execId, { ...at, chunk: 0, data: bytesOf(0, 2) })
  expect(checks.chunksAt(execId, 0, 7, 0, 3)).toEqual({
    dataRoot,
    data: bytesOf(0, 3, 10),
  })
  expect(checks.chunksAt(execId, 0, 7, 1, 1)?.data).toBe(bytesOf(1, 1))
})

test('behavior: chunks of another step, value or execution are not mixed in', () => {
  const checks = table()
  checks.addChunks(execId, {
    step: 0,
    value: 7,
    chunk: 0,
    dataRoot,
    data: bytesOf(0, 1),
  })
  expect(checks.chunksAt(execId, 1, 7, 0, 1)).toBeUndefined()
  expect(checks.chunksAt(execId, 0, 8, 0, 1)).toBeUndefined()
  expect(checks.chunksAt(dataRoot, 0, 7, 0, 1)).toBeUndefined()
})

test('behavior: another result after a reorganisation is another thing to check', () => {
  const checks = table()
  const row = { execId, jobId: dataRoot, attempt: 0, providerId: 1 }
  const [before, after] = [execId, dataRoot]
  checks.addCheck({ ...row, resultRoot: before })
  checks.setVerdict({ execId, resultRoot: before }, 'ok', {})
  checks.addCheck({ ...row, resultRoot: before })
  expect(checks.pending()).toEqual([])
  checks.addCheck({ ...row, resultRoot: after })
  // A check of the first that ends only now says nothing of the second.
  checks.setVerdict({ execId, resultRoot: before }, 'ok', {})
  expect(checks.pending()).toMatchObject([{ resultRoot: after }])
  checks.setVerdict({ execId, resultRoot: after }, 'fraud', {})
  expect(checks.pending()).toEqual([])
})

test('behavior: of a job the latest lock counts, and one that came before us is unknown', () => {
  const checks = table()
  expect(checks.attemptOf(dataRoot)).toBeUndefined()
  checks.addLock(dataRoot, 0)
  checks.addLock(dataRoot, 1)
  expect(checks.attemptOf(dataRoot)).toBe(1)
})

test('behavior: a look at what is open does not read the history', () => {
  const database = openDatabase(':memory:', 'test')
  const asked: string[] = []
  const prepare = database.prepare.bind(database)
  database.prepare = (sql: string) => {
    asked.push(sql)
    return prepare(sql)
  }
  new CheckTable(database).pending()
  new AuditTable(database).open()
  const plans = asked.map(
    (sql) => prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[],
  )
  expect(plans.map(([first]) => first?.detail)).toEqual([
    expect.stringContaining('USING INDEX checks_open'),
    expect.stringContaining('USING INDEX audits_open'),
  ])
})
