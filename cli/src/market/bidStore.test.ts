import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { BidStore } from './bidStore.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-bids-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const jobId = `0x${'1'.repeat(64)}` as const

test('default: a bid is there in the next process, for its owner alone', () => {
  const bid = { price: 2n ** 100n, salt: '0x12' } as const
  expect(new BidStore(folder).add(jobId, 7, bid)).toEqual(bid)
  expect(new BidStore(folder).find(jobId, 7)).toEqual(bid)
  expect(new BidStore(folder).find(jobId, 8)).toBeUndefined()
  expect(statSync(join(folder, 'bids.json')).mode & 0o077).toBe(0)
})

test('behavior: the first bid stays: it may have been sent', () => {
  const bids = new BidStore(folder)
  expect(bids.add(jobId, 7, { price: 1n, salt: '0x34' })).toMatchObject({
    salt: '0x12',
  })
})

test('error: a file that cannot be read is not overwritten', () => {
  const broken = mkdtempSync(join(tmpdir(), 'lynode-bids-'))
  writeFileSync(join(broken, 'bids.json'), '{')
  expect(() =>
    new BidStore(broken).add(jobId, 7, { price: 1n, salt: '0x34' }),
  ).toThrow(/LY-CLI-002/)
  rmSync(broken, { recursive: true })
})
