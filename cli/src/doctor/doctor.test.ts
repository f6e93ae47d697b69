import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@lynode/runtime'
import { LynodeError } from '@lynode/sdk'
import { afterAll, expect, test } from 'vitest'
import { type Check, type Finding, runCheck } from './finding.js'
import { machineChecks } from './machineChecks.js'
import { runnerChecks } from './runnerChecks.js'
import { storageChecks } from './storageChecks.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function resultOf(checks: readonly Check[], name: string) {
  const check = checks.find((one) => one.name === name)
  if (check === undefined) throw new Error(`no check ${name}`)
  const [{ level, code } = { level: 'none', code: '' }] = await runCheck(check)
  return code === undefined ? level : `${level} ${code}`
}

test('default: what a check throws is what it found, with code and remedy', async () => {
  const [finding] = await runCheck({
    name: 'key',
    run: () => Promise.reject(new LynodeError('LY-KEY-004')),
  })
  expect(finding).toMatchObject({
    check: 'key',
    level: 'fail',
    code: 'LY-KEY-004',
    remedy: expect.stringContaining('password'),
  })
})

const machine = {
  dataDir: folder,
  memoryMiB: 1,
  threads: 1,
  executionProviders: ['cpu' as const],
}

test('default: this machine can run models', async () => {
  const checks = machineChecks(machine)
  for (const name of ['node', 'kill', 'memory', 'disk'])
    expect(await resultOf(checks, name), name).toBe('pass')
})

test('behavior: doctor says who computes and which profiles this machine takes', async () => {
  // No device of DirectML is on a machine of the tests: the next one computes.
  const checks = runnerChecks({
    threads: 1,
    executionProviders: ['dml', 'cpu'],
  })
  const findings: Finding[] = []
  for (const check of checks) findings.push(...(await runCheck(check)))
  expect(
    findings.map(({ check, level, code }) => [check, level, code]),
  ).toEqual([
    ['runner', 'warn', 'LY-CHK-003'],
    ['runner', 'pass', undefined],
    ['blocks', 'pass', undefined],
    ['profiles', 'pass', undefined],
  ])
  expect(findings.at(-1)?.message).toBe(
    'cpu takes models of profile f32-plain, f32-wgsl, f32-blocked',
  )
}, 120_000)

test('error: no execution provider passes, and no profile is taken', async () => {
  const checks = runnerChecks({ threads: 1, executionProviders: ['dml'] })
  const findings: Finding[] = []
  for (const check of checks) findings.push(...(await runCheck(check)))
  expect(findings.map(({ check, level }) => [check, level])).toEqual([
    ['runner', 'fail'],
  ])
})

test('error: more memory or disk than there is', async () => {
  const memoryMiB = 2 * Math.ceil(totalmem() / 2 ** 20)
  const checks = machineChecks({ ...machine, memoryMiB })
  expect(await resultOf(checks, 'memory')).toBe('fail LY-CHK-004')
  const huge = { ...machine, memoryMiB: 2 ** 32 }
  expect(await resultOf(machineChecks(huge), 'disk')).toBe('fail LY-CHK-005')
})

test('behavior: a database that is missing, whole, newer or damaged', async () => {
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  const path = join(dataDir, 'state.sqlite')
  const look = () => resultOf(storageChecks({ dataDir }), 'database')
  expect(await look()).toBe('pass')
  const database = openDatabase(path, 'test')
  database.exec('CREATE TABLE numbers (n INTEGER)')
  database.exec("UPDATE meta SET value = '99' WHERE name = 'schema'")
  expect(await look()).toBe('fail LY-DB-001')
  database.exec("UPDATE meta SET value = '1' WHERE name = 'schema'")
  expect(await look()).toBe('pass')
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
  writeFileSync(path, Buffer.alloc(4_096, 7), { flag: 'r+' })
  expect(await look()).toMatch(/^fail/)
})
