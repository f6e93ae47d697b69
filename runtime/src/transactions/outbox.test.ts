import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { pino } from 'pino'
import {
  type Address,
  createTestClient,
  createWalletClient,
  custom,
  type Hex,
  http,
  parseAbi,
  publicActions,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foundryBinary } from '../foundry/foundryBinary.js'
import { createMetrics } from '../metrics/metrics.js'
import { openDatabase } from '../store/openDatabase.js'
import { askOutbox, readOutbox } from './askOutbox.js'
import { bumpFees } from './bumpFees.js'
import { confirmationsFor } from './confirmationsFor.js'
import { Outbox, type OutboxOptions } from './outbox.js'

// First well-known development account of anvil.
const account = privateKeyToAccount(
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
)
// Assembled by hand: calldatasize == 0 ? revert Refused(7) : sstore(0, calldataload(0)).
const code: Hex = `0x3615600c57600035600055005b7f590a5151${'00'.repeat(28)}600052600760045260246000fd`
const target: Address = '0x00000000000000000000000000000000000000aa'
/** Refuses everything. */
const closedCode: Hex = '0x60006000fd'
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

type Call = { method: string; params?: unknown }

/** A node that may answer otherwise than the chain does. */
function node(answer: (call: Call, ask: () => Promise<unknown>) => unknown) {
  const { request } = chain()
  return createTestClient({
    mode: 'anvil',
    chain: foundry,
    transport: custom(
      {
        request: async (call: Call) =>
          answer(call, () => request(call as never) as Promise<unknown>),
      },
      { retryCount: 0 },
    ),
  }).extend(publicActions)
}

function outbox(name: string, options: Partial<OutboxOptions> = {}) {
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

/** A wall clock that goes on at the test's word, however slow the machine is. */
function handClock() {
  let ms = Date.now()
  return {
    now: () => ms,
    pass(more: number) {
      ms += more
    },
  }
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

test('behavior: what is lost on the way to the node is sent again at once', async () => {
  let lost = 0
  const box = outbox('lost', {
    client: node(({ method }, ask) => {
      if (method !== 'eth_sendRawTransaction' || lost === 2) return ask()
      lost += 1
      throw new Error('connection reset')
    }) as never,
  })
  const before = await nonce()
  const receipt = box.send(intent('lost'))
  await pendingCount(1, 2_000) // not only when a taken one would be repeated
  expect(lost).toBe(2)
  await chain().mine({ blocks: 1 })
  await expect(receipt).resolves.toMatchObject({ status: 'success' })
  expect(await nonce()).toBe(before + 1)
  await box.stop()
})

test('behavior: what the node forgets is there again within seconds', async () => {
  const box = outbox('forgotten')
  const receipt = box.send(intent('forgotten'))
  await pendingCount(1)
  const hashes = await pendingHashes()
  await dropAll()
  await pendingCount(1, 3_000) // windows of a devnet are six
  expect(await pendingHashes()).toEqual(hashes)
  await chain().mine({ blocks: 1 })
  await expect(receipt).resolves.toMatchObject({ status: 'success' })
  await box.stop()
})

test('behavior: a slow transaction is replaced under its nonce', async () => {
  const { now, pass } = handClock()
  const box = outbox('replace', { replaceAfterMs: 5_000, now })
  const before = await nonce()
  const receipt = box.send(intent('c'))
  await pendingCount(1)
  const [slow] = await pendingHashes()
  pass(4_000)
  await sleep(100) // several looks
  expect(await pendingHashes()).toEqual([slow])
  pass(2_000)
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
  await useNonce(before)
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

test('default: the more is at stake, the more blocks are waited', () => {
  const lyn = 10n ** 18n
  expect([0n, lyn, 1_000n * lyn, 100_000n * lyn].map(confirmationsFor)).toEqual(
    [2, 3, 4, 64],
  )
})

describe('behavior: a reorganisation', () => {
  test('that drops a transaction: it is sent again, under its nonce', async () => {
    const box = outbox('undone')
    const before = await nonce()
    const first = box.send(intent('undone'))
    await mineNext()
    await first
    await reorg(1)
    expect(await nonce()).toBe(before)
    await pendingCount(1)
    await chain().mine({ blocks: 1 })
    await expect.poll(nonce).toBe(before + 1)
    await expect.poll(() => box.pending().length).toBe(0)
    const again = await box.send(intent('undone'))
    expect(again).toMatchObject({ status: 'success' })
    expect(again.transactionHash).toBe((await first).transactionHash)
    await box.stop()
  }, 20_000)

  test('while nobody watched, and deeper than anybody waits', async () => {
    const first = outbox('away')
    const before = await nonce()
    const sent = first.send(intent('away'))
    await mineNext()
    await sent
    await chain().mine({ blocks: 4 })
    // Deep enough by now: only whoever asks for it again finds out.
    await sleep(200)
    await first.stop()
    await reorg(5)
    expect(await nonce()).toBe(before)
    const second = outbox('away')
    second.resume()
    const receipt = second.send(intent('away'))
    await mineNext()
    await expect(receipt).resolves.toMatchObject({ status: 'success' })
    expect(await nonce()).toBe(before + 1)
    await second.stop()
  }, 20_000)

  test('that changes the effect: what succeeded may fail, and is asked anew', async () => {
    const box = outbox('effect')
    const before = await nonce()
    const first = box.send(intent('effect'))
    await mineNext()
    await first
    await reorg(1)
    await chain().setCode({ address: target, bytecode: closedCode })
    await mineNext()
    await expect.poll(() => box.pending().length).toBe(0)
    expect(await nonce()).toBe(before + 1)
    await expect(box.send(intent('effect'))).rejects.toMatchObject({
      reason: { name: 'Reverted' },
    })
    await chain().setCode({ address: target, bytecode: code })
    const second = box.send(intent('effect'))
    await mineNext()
    await expect(second).resolves.toMatchObject({ status: 'success' })
    expect(await nonce()).toBe(before + 2)
    await box.stop()
  }, 20_000)

  test('that takes the first of two that were sent for one obligation', async () => {
    const { now, pass } = handClock()
    const box = outbox('sibling', { replaceAfterMs: 5_000, now })
    const before = await nonce()
    const sent = box.send(intent('sibling'))
    await pendingCount(1)
    const [slow = '0x'] = await pendingHashes()
    const raw = await rawOf(slow)
    pass(6_000)
    await expect
      .poll(async () => (await pendingHashes())[0], { timeout: 5_000 })
      .not.toBe(slow)
    await chain().mine({ blocks: 1 })
    expect((await sent).transactionHash).not.toBe(slow)
    await reorg(1, [[raw, 0]])
    await expect
      .poll(async () => (await box.send(intent('sibling'))).transactionHash)
      .toBe(slow)
    expect(await nonce()).toBe(before + 1)
    await box.stop()
  }, 20_000)

  test('that leaves a gap of nonces: it is filled, or all behind it would wait for ever', async () => {
    const box = outbox('gap')
    const before = await nonce()
    const refused = box.send(intent('gap'))
    await pendingCount(1)
    await chain().setCode({ address: target, bytecode: closedCode })
    await chain().mine({ blocks: 1 })
    await expect(refused).rejects.toMatchObject({ code: 'LY-TX-003' })
    await chain().setCode({ address: target, bytecode: code })
    const sent = box.send(intent('gap'))
    await mineNext()
    await sent
    await reorg(2) // both are gone, and of the first nobody knows any more
    await chain().setCode({ address: target, bytecode: code })
    expect(await nonce()).toBe(before)
    await expect
      .poll(
        async () => {
          await chain().mine({ blocks: 1 })
          return nonce()
        },
        { timeout: 10_000 },
      )
      .toBe(before + 2)
    await expect.poll(() => box.pending().length).toBe(0)
    await expect(box.send(intent('gap'))).resolves.toMatchObject({
      status: 'success',
    })
    await box.stop()
  }, 30_000)
})

describe('behavior: a node that is late or lost', () => {
  test('a receipt of a block that is gone says nothing', async () => {
    let lies = 0
    const box = outbox('gone', {
      client: node(async ({ method }, ask) => {
        const answer = await ask()
        if (method !== 'eth_getTransactionReceipt' || answer === null)
          return answer
        if (++lies > 3) return answer
        return { ...(answer as object), blockHash: `0x${'ab'.repeat(32)}` }
      }) as never,
    })
    const sent = box.send(intent('gone'))
    await mineNext()
    const { blockHash } = await sent
    expect(blockHash).not.toBe(`0x${'ab'.repeat(32)}`)
    expect(lies).toBe(4)
    await box.stop()
  }, 20_000)

  test('a count that is ahead of the receipts is no reason to send twice', async () => {
    let late = 0
    const box = outbox('late', {
      client: node(async ({ method }, ask) =>
        method === 'eth_getTransactionReceipt' && ++late < 6 ? null : ask(),
      ) as never,
    })
    const before = await nonce()
    const sent = box.send(intent('late'))
    await mineNext()
    await expect(sent).resolves.toMatchObject({ status: 'success' })
    expect(await pendingHashes()).toEqual([])
    expect(await nonce()).toBe(before + 1)
    await box.stop()
  }, 20_000)

  test('a send that failed and landed is not repeated', async () => {
    const box = outbox('landed', {
      client: node(async ({ method }, ask) => {
        const answer = await ask()
        if (method === 'eth_sendRawTransaction') throw new Error('502')
        return answer
      }) as never,
    })
    const before = await nonce()
    const sent = box.send(intent('landed'))
    await mineNext()
    await expect(sent).resolves.toMatchObject({ status: 'success' })
    expect(await nonce()).toBe(before + 1)
    await box.stop()
  }, 20_000)

  test('a lost nonce and no answer: the obligation is kept until there is one', async () => {
    let down = false
    const box = outbox('kept', {
      client: node(({ method }, ask) => {
        if (down && method === 'eth_estimateGas') throw new Error('502')
        return ask()
      }) as never,
    })
    const before = await nonce()
    const sent = box.send(intent('kept'))
    await pendingCount(1)
    await dropAll()
    down = true
    await useNonce(before)
    await sleep(1_500)
    expect(box.pending()).toHaveLength(1)
    down = false
    await mineNext()
    await expect(sent).resolves.toMatchObject({ status: 'success' })
    expect(await nonce()).toBe(before + 2)
    await box.stop()
  }, 20_000)

  test('a node that forgot all that waits gets it again, in order', async () => {
    const before = await nonce()
    const first = outbox('forgot')
    for (const key of ['one', 'two', 'three'])
      void first.send(intent(`forgot ${key}`)).catch(() => undefined)
    await pendingCount(3)
    await first.stop()
    await dropAll()
    const second = outbox('forgot')
    second.resume()
    await pendingCount(3)
    await chain().mine({ blocks: 1 })
    await expect.poll(nonce).toBe(before + 3)
    await expect.poll(() => second.pending().length).toBe(0)
    await second.stop()
  }, 20_000)
})

test('behavior: no more than the cap is ever offered', async () => {
  const maxFeeWei = 1_200_000_000n
  const box = outbox('cap', { maxFeeWei, replaceAfterMs: 100 })
  const base = (await chain().getBlock()).baseFeePerGas ?? 0n
  await chain().setNextBlockBaseFeePerGas({ baseFeePerGas: 10n * maxFeeWei })
  await chain().mine({ blocks: 1 })
  const sent = box.send(intent('cap'))
  await expect.poll(() => box.pending().length).toBe(1)
  await sleep(500) // several times of a replacement
  const [pending] = box.pending()
  await chain().setNextBlockBaseFeePerGas({ baseFeePerGas: base })
  // Whether the node kept what it could not mine or gets it again: some block has it.
  let over = false
  void sent.finally(() => {
    over = true
  })
  while (!over) {
    await chain().mine({ blocks: 1 })
    await sleep(50)
  }
  const { transactionHash } = await sent
  expect(transactionHash).toBe(pending?.hash)
  const { maxFeePerGas } = await chain().getTransaction({
    hash: transactionHash,
  })
  expect(maxFeePerGas).toBe(maxFeeWei)
  await box.stop()
}, 20_000)

/** Mines the next block as soon as something waits for it. */
async function mineNext() {
  await pendingCount(1)
  await chain().mine({ blocks: 1 })
}

/** Replaces the last blocks by as many others, with these transactions in them. */
async function reorg(depth: number, transactions: [Hex, number][] = []) {
  await chain().request({
    method: 'anvil_reorg',
    params: [depth, transactions],
  } as never)
}

async function rawOf(hash: Hex): Promise<Hex> {
  return chain().request({
    method: 'eth_getRawTransactionByHash',
    params: [hash],
  } as never)
}

/** Another machine with the same key. */
async function useNonce(at: number) {
  await createWalletClient({
    account,
    chain: foundry,
    transport: http(url),
  }).sendTransaction({
    to: account.address,
    nonce: at,
    // Enough to take the place of one that the outbox has sent again meanwhile.
    maxFeePerGas: 100_000_000_000n,
    maxPriorityFeePerGas: 10_000_000_000n,
  })
  await chain().mine({ blocks: 1 })
}

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
