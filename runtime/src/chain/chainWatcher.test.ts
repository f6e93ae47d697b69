import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { pino } from 'pino'
import {
  createPublicClient,
  createTestClient,
  createWalletClient,
  custom,
  encodeAbiParameters,
  type Hex,
  http,
  type PublicClient,
  parseAbi,
  toEventSelector,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { foundryBinary } from '../foundry/foundryBinary.js'
import { createMetrics } from '../metrics/metrics.js'
import { type Database, openDatabase } from '../store/openDatabase.js'
import { ChainWatcher } from './chainWatcher.js'

const account = privateKeyToAccount(
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
)
const target = '0x00000000000000000000000000000000000000bb'
const abi = parseAbi(['event Said(uint256 word)'])
// Assembled by hand: log1(mem[0..calldatasize], Said) of its calldata.
const code: Hex = `0x3660006000377f${toEventSelector(abi[0]).slice(2)}366000a100`

let anvil: ChildProcess
let url: string

beforeAll(async () => {
  anvil = spawn(foundryBinary('anvil'), ['--port', '0'], {
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
})

function chain() {
  return createTestClient({
    mode: 'anvil',
    chain: foundry,
    transport: http(url),
  })
}

function client(): PublicClient {
  return createPublicClient({
    chain: foundry,
    transport: http(url),
    cacheTime: 0,
  })
}

async function say(word: number) {
  const wallet = createWalletClient({
    account,
    chain: foundry,
    transport: http(url),
  })
  const hash = await wallet.sendTransaction({
    to: target,
    data: encodeAbiParameters([{ type: 'uint256' }], [BigInt(word)]),
  })
  await client().waitForTransactionReceipt({ hash, pollingInterval: 20 })
}

type Call = { method: string; params?: unknown }

/** A node that may answer otherwise than the chain does. */
function node(
  answer: (call: Call, ask: () => Promise<unknown>) => unknown,
): PublicClient {
  const { request } = client()
  return createPublicClient({
    chain: foundry,
    cacheTime: 0,
    transport: custom(
      {
        request: async (call: Call) =>
          answer(call, () => request(call as never) as Promise<unknown>),
      },
      { retryCount: 0 },
    ),
  })
}

function watcher(
  database: Database,
  heard: number[],
  range = 1_000n,
  from = client(),
) {
  return new ChainWatcher({
    client: from,
    database,
    addresses: [target],
    abi,
    logger: pino({ level: 'silent' }),
    metrics: createMetrics('verifier'),
    range,
    onEvent: ({ args }) => {
      heard.push(Number(args.word))
    },
  })
}

test('default: events in order, once, over ranges and restarts', async () => {
  const database = openDatabase(':memory:', 'test')
  const heard: number[] = []
  await say(1)
  await chain().mine({ blocks: 7 })
  await say(2)
  const first = watcher(database, heard, 3n)
  await first.turn()
  expect(heard).toEqual([1, 2])
  expect(first.head?.number).toBe(await client().getBlockNumber())
  await say(3)
  await watcher(database, heard).turn() // another process, the same database
  expect(heard).toEqual([1, 2, 3])
  await first.turn()
  expect(heard).toEqual([1, 2, 3])
})

test('behavior: an event whose handler failed comes again', async () => {
  const database = openDatabase(':memory:', 'test')
  const heard: number[] = []
  const failing = new ChainWatcher({
    client: client(),
    database,
    addresses: [target],
    abi,
    logger: pino({ level: 'silent' }),
    metrics: createMetrics('verifier'),
    onEvent: () => {
      throw new Error('not now')
    },
  })
  await expect(failing.turn()).rejects.toThrow('not now')
  await watcher(database, heard).turn()
  expect(heard).toEqual([1, 2, 3])
})

test('behavior: after a reorganisation the new events are heard', async () => {
  const database = openDatabase(':memory:', 'test')
  const heard: number[] = []
  const one = watcher(database, heard)
  const snapshot = await chain().snapshot()
  await say(10)
  await one.turn()
  await chain().revert({ id: snapshot })
  await say(11)
  await one.turn()
  expect(heard.slice(-1)).toEqual([11])
})

test('behavior: a longer chain that leaves out a block that was read', async () => {
  const database = openDatabase(':memory:', 'test')
  const heard: number[] = []
  const one = watcher(database, heard)
  await one.turn()
  await say(20)
  await chain().mine({ blocks: 1 })
  await one.turn()
  expect(heard.slice(-1)).toEqual([20])
  await chain().request({ method: 'anvil_reorg', params: [2, []] } as never)
  await say(21)
  const before = heard.length
  await one.turn()
  // From where the chains part, and not a block more.
  expect(heard.slice(before)).toEqual([21])
  expect(one.head?.number).toBe(await client().getBlockNumber())
})

test('behavior: a node that is late changes nothing', async () => {
  const database = openDatabase(':memory:', 'test')
  const heard: number[] = []
  const old = await client().request({
    method: 'eth_getBlockByNumber',
    params: ['latest', false],
  })
  let late = false
  const from = node(({ method, params }, ask) =>
    late &&
    method === 'eth_getBlockByNumber' &&
    (params as unknown[])[0] === 'latest'
      ? old
      : ask(),
  )
  const one = watcher(database, heard, 1_000n, from)
  await say(30)
  await one.turn()
  const { head } = one
  const before = heard.length
  late = true
  await one.turn()
  expect(one.head).toEqual(head)
  late = false
  await say(31)
  await one.turn()
  expect(heard.slice(before)).toEqual([31])
})

test('behavior: a node without the block cannot say that nothing happened in it', async () => {
  const database = openDatabase(':memory:', 'test')
  const heard: number[] = []
  let late = false
  const from = node(({ method, params }, ask) => {
    if (!late || method !== 'eth_getLogs') return ask()
    const [filter] = params as [{ blockHash?: Hex }]
    if (filter.blockHash === undefined) return [] // as they answer beyond their head
    throw new Error('unknown block')
  })
  const one = watcher(database, heard, 1_000n, from)
  await one.turn()
  const before = heard.length
  await say(40)
  late = true
  await expect(one.turn()).rejects.toThrow()
  late = false
  await one.turn()
  expect(heard.slice(before)).toEqual([40])
})
