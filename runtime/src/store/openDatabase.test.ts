import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openDatabase } from './openDatabase.js'
import { openExisting } from './openExisting.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('default: state survives, with every commit on the disk', () => {
  const path = join(folder, 'sub', 'state.sqlite')
  const first = openDatabase(path, 'me')
  expect(first.prepare('PRAGMA synchronous').get()).toMatchObject({
    synchronous: 2,
  })
  first.exec('CREATE TABLE kept (n INTEGER)')
  first.exec('INSERT INTO kept VALUES (7)')
  first.close()
  const second = openDatabase(path, 'me')
  expect(second.prepare('SELECT n FROM kept').get()).toMatchObject({ n: 7 })
  second.close()
})

test('error: the state of another chain or key is refused', () => {
  const path = join(folder, 'other.sqlite')
  openDatabase(path, 'chain 1').close()
  expect(() => openDatabase(path, 'chain 2')).toThrow(
    expect.objectContaining({ code: 'LY-DB-002' }),
  )
})

test('error: the state of a newer version is refused', () => {
  const path = join(folder, 'newer.sqlite')
  const database = openDatabase(path, 'me')
  database.exec("UPDATE meta SET value = '99' WHERE name = 'schema'")
  database.close()
  expect(() => openDatabase(path, 'me')).toThrow(
    expect.objectContaining({ code: 'LY-DB-001' }),
  )
})

test('error: a file that is no database is damaged', () => {
  const path = join(folder, 'garbage.sqlite')
  writeFileSync(path, 'x'.repeat(8_000))
  const damaged = expect.objectContaining({
    code: 'LY-CHK-014',
    details: expect.stringContaining(path),
  })
  expect(() => openDatabase(path, 'me')).toThrow(damaged)
  expect(() => openExisting(path)).toThrow(damaged)
})

test('error: a place where nothing can be written has a code', () => {
  const path = join(folder, 'folder.sqlite')
  mkdirSync(path)
  expect(() => openDatabase(path, 'me')).toThrow(
    expect.objectContaining({ code: 'LY-DB-004', retryable: true }),
  )
})
