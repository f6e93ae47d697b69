import { expect, test } from 'vitest'
import { askSettings } from './askSettings.js'
import { configText } from './configText.js'
import { proposeSettings } from './proposeSettings.js'

test('default: prices that cover gas and the month, limits that the machine bears', () => {
  const machine = { cores: 8, memoryBytes: 16 * 2 ** 30, flops: 1e11 }
  expect(proposeSettings(machine, 300, 10n ** 12n)).toEqual({
    threads: 7,
    memoryMiB: 11_520,
    maxJobs: 2,
    deadlineSeconds: 300,
    minPrice: '0.52',
    pricePerSecond: '0.000386',
  })
})

test('behavior: a small machine still gets settings', () => {
  const machine = { cores: 1, memoryBytes: 2 ** 30, flops: 1e9 }
  expect(proposeSettings(machine, 0, 0n)).toMatchObject({
    threads: 1,
    memoryMiB: 512,
    minPrice: '0',
    pricePerSecond: '0',
  })
})

test('default: the file explains every setting', () => {
  const text = configText({
    role: 'verifier',
    rpc: 'http://127.0.0.1:8545',
    addressBook: 'addresses.json',
    dataDir: 'data',
    key: { keystore: 'hot.json' },
    host: '127.0.0.1',
    port: 8_600,
    monitorPort: 9_464,
    threads: 7,
    memoryMiB: 11_520,
    deadlineSeconds: 300,
    minPrice: '0.52',
    pricePerSecond: '0.000386',
    maxJobs: 2,
    measured: { processor: 'a processor', gflops: '100.0', monthCost: 300 },
  })
  expect(text).toContain('keystore = "hot.json"')
  expect(text).not.toContain('minPrice')
  for (const block of text.split('\n\n')) expect(block).toMatch(/^# /)
})

test.each([
  ['300', 300],
  ['300LYN', 300],
  ['12.5 LYN', 12.5],
])('behavior: a month may cost %s', async (monthCost, lyn) => {
  const given = {
    rpc: 'http://127.0.0.1:1',
    addressBook: 'a.json',
    dataDir: 'd',
  }
  expect(
    await askSettings('provider', { ...given, monthCost }, false),
  ).toMatchObject({ monthCost: lyn })
})

test.each(['LYN', 'much', '-3', ''])('error: not %s', async (monthCost) => {
  const given = {
    rpc: 'http://127.0.0.1:1',
    addressBook: 'a.json',
    dataDir: 'd',
  }
  await expect(
    askSettings('provider', { ...given, monthCost }, false),
  ).rejects.toMatchObject({
    code: 'LY-CLI-001',
    details: `"${monthCost}" is no amount of LYN such as 300`,
  })
})
