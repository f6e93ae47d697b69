import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import fc from 'fast-check'
import { pino } from 'pino'
import {
  type Address,
  createTestClient,
  createWalletClient,
  type Hex,
  http,
  parseAbi,
  publicActions,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { foundryBinary } from '../foundry/foundryBinary.js'
import { createMetrics } from '../metrics/metrics.js'
import { type Database, openDatabase } from '../store/openDatabase.js'
import { askOutbox, readOutbox } from './askOutbox.js'
import { bumpFees } from './bumpFees.js'
import { Outbox } from './outbox.js'

// First well-known development account of anvil.
const account = privateKeyToAccount(
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
)
// Assembled by hand: calldatasize == 0 ? revert Refused(7) : sstore(0, calldataload(0)).
const code: Hex = `0x3615600c57600035600055005b7f590a5151${'00'.repeat(28)}600052600760045260246000fd`
const target: Address = '0x00000000000000000000000000000000000000aa'
const abi = parseAbi(['error Refused(uint256)'])
const folder = mkdtempSync(join(tmpdir(), 'lynode-test-'))

let anvil: ChildProcess
let url: string

beforeAll(async () => {
  anvil = spawn(foundryBinary('anvil'), ['--port', '0', '--no-mining'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (anvil.stdout === null) throw new Error('no output of anvil')
  for await (const line of createInterface({ input: anvil.stdout })) {
    const address = /Listening on (.+)/.exec(line)?.[1]
    if (address === undefined) continue
    url = `http://${address}`
    break
  }
  await chain().setCode({ address: target, bytecode: code })
})

afterAll(async () => {
  anvil.kill()
  await once(anvil, 'exit')
  rmSync(folder, { recursive: true, force: true })
})

function chain() {
  return createTestClient({
    mode: 'anvil',
    chain: foundry,
    transport: http(url),
  }).extend(publicActions)
}

function outbox(
  name: string,
  options: { replaceAfterMs?: number; database?: Database } = {},
) {
  return new Outbox({
    client: chain() as never,
    account,
    database: openDatabase(join(folder, `${name}.sqlite`), 'test'),
    abi,
    logger: pino({ level: 'silent' }),
    metrics: createMetrics('provider'),
    pollMs: 20,
    ...options,
  })
}

function intent(key: string, data: Hex = `0x${'00'.repeat(31)}2a`) {
  return { key, kind: 'test', to: target, data }
}

async function nonce() {
  return chain().getTransactionCount({ address: account.address })
}

test('error: a call that would revert sends nothing', async () => {
  const box = outbox('revert')
  const before = await nonce()
  await expect(box.send(intent('refused', '0x'))).rejects.toMatchObject({
    code: 'LY-TX-002',
    reason: { name: 'Refused', args: [7n] },
  })
  await chain().mine({ blocks: 1 })
  expect(await nonce()).toBe(before)
  await box.stop()
})

test('default: one obligation is one transaction', async () => {
  const box = outbox('once')
  const before = await nonce()
  const sends = [box.send(intent('a')), box.send(intent('a'))]
  await pendingCount(1)
  await chain().mine({ blocks: 1 })
  const [first, second] = await Promise.all(sends)
  expect(first?.transactionHash).toBe(second?.transactionHash)
  expect((await box.send(intent('a'))).transactionHash).toBe(
    first?.transactionHash,
  )
  expect(await nonce()).toBe(before + 1)
  await box.stop()
})

test('behavior: a restart takes up what was sent, and what was lost', async () => {
  const before = await nonce()
  const first = outbox('restart')
  void first.send(intent('b')).catch(() => undefined)
  await pendingCount(1)
  await first.stop()
  await dropAll() // the node forgot it
  const second = outbox('restart')
  second.resume()
  const receipt = second.send(intent('b'))
  await pendingCount(1, 15_000) // broadcast again, under the same nonce
  await chain().mine({ blocks: 1 })
  await expect(receipt).resolves.toMatchObject({ status: 'success' })
  expect(await nonce()).toBe(before + 1)
  await second.stop()
}, 30_000)

test('behavior: a slow transaction is replaced under its nonce', async () => {
  const box = outbox('replace', { replaceAfterMs: 200 })
  const before = await nonce()
  const receipt = box.send(intent('c'))
  await pendingCount(1)
  const [slow] = await pendingHashes()
  await expect
    .poll(async () => (await pendingHashes())[0], { timeout: 5_000 })
    .not.toBe(slow)
  await chain().mine({ blocks: 1 })
  expect((await receipt).transactionHash).not.toBe(slow)
  expect(await nonce()).toBe(before + 1)
  await box.stop()
}, 20_000)

test('behavior: a nonce that somebody else used is given up', async () => {
  const box = outbox('stolen')
  const before = await nonce()
  const receipt = box.send(intent('d'))
  await pendingCount(1)
  await dropAll()
  await createWalletClient({
    account,
    chain: foundry,
    transport: http(url),
  }).sendTransaction({ to: account.address, nonce: before })
  await chain().mine({ blocks: 1 })
  await pendingCount(1)
  await chain().mine({ blocks: 1 })
  await expect(receipt).resolves.toMatchObject({ status: 'success' })
  expect(await nonce()).toBe(before + 2)
  await box.stop()
}, 20_000)

/** As the database of a daemon lies on the disk. */
function daemonOf(name: string) {
  const dataDir = join(folder, name)
  const database = openDatabase(
    join(dataDir, 'state.sqlite'),
    `provider ${account.address} on chain 31337`,
  )
  return { dataDir, box: outbox(name, { database }) }
}

test('behavior: its owner may have a transaction replaced at once', async () => {
  const { dataDir, box } = daemonOf('bumped')
  const receipt = box.send(intent('e'))
  await pendingCount(1)
  const [slow] = await pendingHashes()
  const [waiting] = readOutbox(dataDir)
  expect(waiting).toMatchObject({ key: 'e', state: 'live', hashes: [slow] })
  const after = await askOutbox(dataDir, waiting?.nonce ?? -1, 'bump')
  expect(after?.hashes).toHaveLength(2)
  expect(after?.fees.maxFeePerGas).toBeGreaterThan(
    waiting?.fees.maxFeePerGas ?? 0n,
  )
  await chain().mine({ blocks: 1 })
  expect((await receipt).transactionHash).toBe(after?.hashes[1])
  expect(readOutbox(dataDir)).toEqual([])
  expect(readOutbox(dataDir, 1)).toMatchObject([{ key: 'e', state: 'mined' }])
  await box.stop()
}, 20_000)

test('behavior: a cancelled transaction frees its nonce, and what it was for is sent again', async () => {
  const { dataDir, box } = daemonOf('cancelled')
  const before = await nonce()
  const receipt = box.send(intent('f'))
  receipt.catch(() => undefined) // looked at below
  await pendingCount(1)
  const after = await askOutbox(dataDir, before, 'cancel')
  expect(after).toMatchObject({ cancelled: true, state: 'live' })
  await chain().mine({ blocks: 1 })
  await expect(receipt).rejects.toMatchObject({ code: 'LY-OUTBOX-002' })
  expect(await nonce()).toBe(before + 1)
  const again = box.send(intent('f'))
  await pendingCount(1)
  await chain().mine({ blocks: 1 })
  await expect(again).resolves.toMatchObject({ status: 'success' })
  expect(await nonce()).toBe(before + 2)
  await box.stop()
}, 20_000)

test('behavior: a request waits for a daemon that is down', async () => {
  const { dataDir, box } = daemonOf('down')
  const before = await nonce()
  void box.send(intent('g')).catch(() => undefined)
  await pendingCount(1)
  await box.stop()
  expect(await askOutbox(dataDir, before, 'bump', 300)).toBeUndefined()
  const { box: next } = daemonOf('down')
  next.resume()
  await expect
    .poll(() => readOutbox(dataDir)[0]?.hashes.length, { timeout: 5_000 })
    .toBe(2)
  const receipt = next.send(intent('g'))
  await chain().mine({ blocks: 1 })
  await expect(receipt).resolves.toMatchObject({ status: 'success' })
  await next.stop()
}, 20_000)

test('error: a request names what is there', async () => {
  const { dataDir, box } = daemonOf('none')
  await expect(askOutbox(dataDir, 7, 'bump')).rejects.toMatchObject({
    code: 'LY-OUTBOX-003',
  })
  await box.stop()
  expect(() => readOutbox(join(folder, 'nowhere'))).toThrow(
    expect.objectContaining({ code: 'LY-DB-003' }),
  )
})

test('property: a bump is 12.5% on both fields or nothing', () => {
  const fee = fc.bigInt({ min: 0n, max: 10n ** 14n })
  const fees = fc.record({ maxFeePerGas: fee, maxPriorityFeePerGas: fee })
  fc.assert(
    fc.property(fees, fees, fee, (a, market, cap) => {
      fc.pre(a.maxPriorityFeePerGas <= a.maxFeePerGas)
      const before = a
      const bumped = bumpFees(before, market, cap)
      if (bumped === undefined) return
      expect(bumped.maxFeePerGas * 8n >= before.maxFeePerGas * 9n).toBe(true)
      expect(
        bumped.maxPriorityFeePerGas * 8n >= before.maxPriorityFeePerGas * 9n,
      ).toBe(true)
      expect(bumped.maxFeePerGas <= cap).toBe(true)
      expect(bumped.maxPriorityFeePerGas <= bumped.maxFeePerGas).toBe(true)
    }),
  )
})

async function dropAll() {
  for (const hash of await pendingHashes())
    await chain().dropTransaction({ hash })
}

async function pendingHashes(): Promise<Hex[]> {
  const { transactions } = await chain().getBlock({ blockTag: 'pending' })
  return transactions as Hex[]
}

async function pendingCount(count: number, timeout = 5_000) {
  await expect
    .poll(async () => (await pendingHashes()).length, { timeout })
    .toBe(count)
}
