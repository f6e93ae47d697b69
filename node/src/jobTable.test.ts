import { fingerprintOf, openDatabase } from '@lynode/runtime'
import type { Hex, Order } from '@lynode/sdk'
import { expect, test } from 'vitest'
import { JobTable } from './jobTable.js'

const jobId: Hex = `0x${'1'.repeat(64)}`
const order = {
  requester: '0x00000000000000000000000000000000000000aa',
  steps: 2,
  maxPrice: 2n ** 127n,
  nonce: 2n ** 255n,
} as unknown as Order

function table() {
  return new JobTable(openDatabase(':memory:', 'test'))
}

const machine = { executionProvider: 'cpu', threads: 1 } as const

test('default: an order comes back as it was, beyond 2^53 too', () => {
  const jobs = table()
  jobs.add(jobId, order, '0x12')
  expect(jobs.find(jobId)).toEqual({
    jobId,
    order,
    signature: '0x12',
    allowed: undefined,
    state: 'open',
    reason: '',
    resultRoot: undefined,
    attempt: 0,
  })
})

test('behavior: an auction learns the signature that it was opened without', () => {
  const jobs = table()
  jobs.add(jobId, order, '0x')
  jobs.add(jobId, order, '0x12', [3, 7])
  jobs.add(jobId, order, '0x34')
  expect(jobs.find(jobId)).toMatchObject({
    signature: '0x12',
    allowed: [3, 7],
  })
})

test('behavior: what was seen and not taken has its reason', () => {
  const jobs = table()
  const other: Hex = `0x${'2'.repeat(64)}`
  jobs.add(jobId, order, '0x12')
  jobs.setState(jobId, 'skipped', 'pays less than 7 wei')
  jobs.note(jobId, 'is not open any more')
  jobs.add(other, order, '0x12')
  jobs.note(other, 'waits')
  expect(jobs.find(other)).toMatchObject({ state: 'open', reason: 'waits' })
  jobs.setState(other, 'taken', 'another provider locked it')
  jobs.setState(other, 'done', 'another provider locked it')
  expect(
    jobs.skipped(10).map(({ jobId, state, reason }) => [jobId, state, reason]),
  ).toEqual([
    [other, 'done', 'another provider locked it'],
    [jobId, 'skipped', 'pays less than 7 wei'],
  ])
  jobs.setResult(jobId, 0, jobId, fingerprintOf(machine, 'plain'))
  expect(jobs.skipped(10)).toHaveLength(1)
})

test('behavior: an event that comes again does not undo what was done', () => {
  const jobs = table()
  jobs.add(jobId, order, '0x12')
  jobs.setState(jobId, 'locked')
  const fingerprint = fingerprintOf(machine, 'native')
  jobs.setResult(jobId, 1, jobId, fingerprint)
  expect(jobs.fingerprintOf(jobId, 1)).toEqual(fingerprint)
  expect(jobs.fingerprintOf(jobId, 0)).toBe(undefined)
  jobs.add(jobId, order, '0x34')
  expect(jobs.find(jobId)).toMatchObject({
    state: 'locked',
    signature: '0x12',
    attempt: 1,
    resultRoot: jobId,
  })
  jobs.setState(jobId, 'done', 'settled')
  expect(jobs.active()).toEqual([])
})

test('behavior: what was skipped is not looked at, and a signature can be replaced', () => {
  const jobs = table()
  const other: Hex = `0x${'2'.repeat(64)}`
  jobs.add(jobId, order, '0x12')
  jobs.add(other, order, '0x12')
  jobs.setState(jobId, 'skipped', 'pays less than 7 wei')
  jobs.setState(other, 'locked')
  expect(jobs.active().map((row) => row.jobId)).toEqual([other])
  expect(jobs.idsInState('locked')).toEqual([other])
  expect(jobs.inState('skipped').map((row) => row.jobId)).toEqual([jobId])
  jobs.setSignature(jobId, '0x34')
  expect(jobs.find(jobId)?.signature).toBe('0x34')
})
