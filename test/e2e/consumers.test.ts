import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  announceOrder,
  awaitJob,
  callbacksAbi,
  dtypes,
  encodeNpy,
  ledgerAbi,
  type Order,
  parseSignedOrder,
  signOrder,
} from '@lynode/sdk'
import { buildStep, Devnet } from 'lynode/devnet'
import {
  type Address,
  bytesToHex,
  decodeFunctionData,
  getAddress,
  type Hex,
  isAddressEqual,
  parseAbi,
  parseEther,
} from 'viem'
import {
  getBlock,
  getContractEvents,
  getTransactionReceipt,
  readContract,
  sendTransaction,
  waitForTransactionReceipt,
} from 'viem/actions'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { lynode } from './lynode.js'
import { bytesOf, tinyModel, tinyResult } from './tinyModel.js'

// Contracts that buy are called by the provider, whatever they do (D9).

const folder = mkdtempSync(join(tmpdir(), 'lynode-consumers-'))
const devnet = new Devnet({ folder })
const x = [1, 2, -3, 0.5]
const onResult = parseAbi(['function onResult(bytes32 jobId, bytes output)'])
let template: Order

/** Runtime code of consumers. */
const consumers = {
  /** Logs what it was called with. */
  logs: '365f5f37365fa000',
  reverts: '5f5ffd',
  /** Burns all gas that it gets. */
  burns: '5b5f56',
} as const

beforeAll(async () => {
  await buildStep().run(() => undefined)
  for (const step of devnet.steps()) await step.run(() => undefined)
  devnet.writeNetworkFile()
  writeFileSync(join(folder, 'tiny.onnx'), tinyModel())
  writeFileSync(
    join(folder, 'x.npy'),
    encodeNpy({ dtype: dtypes.float32, dims: [1, 4], data: bytesOf(x) }),
  )
  const { document } = await lynode(folder, 'model', 'publish', 'tiny.onnx')
  const { document: signed } = await lynode(
    folder,
    ...['order', 'sign', document['modelId'] as Hex, '--input', 'x=@x.npy'],
  )
  const { order, signature } = signed
  template = parseSignedOrder({ order, signature }).order
}, 300_000)

afterAll(async () => {
  await devnet.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('default: a consumer is called once its job is settled', () => {
  test.each([
    ['logs', true],
    ['reverts', false],
    ['burns', false],
  ] as const)('one that %s', async (kind, ok) => {
    const { jobId, consumer, fee } = await bought(kind, '1')
    const called = await vi.waitFor(
      async () => {
        const [event] = await calls(jobId)
        if (event === undefined) throw new Error('not called yet')
        return event
      },
      { timeout: 60_000, interval: 500 },
    )
    const provider = devnet.accounts.provider.address
    expect(called.args).toMatchObject({ consumer, caller: provider, ok })
    const { blockNumber } = called
    const [before, after] = await Promise.all(
      [blockNumber - 1n, blockNumber].map((block) => freeAt(provider, block)),
    )
    expect((after ?? 0n) - (before ?? 0n)).toBe(fee)
    if (kind !== 'logs') return
    const { logs } = await getTransactionReceipt(devnet.client('requester'), {
      hash: called.transactionHash,
    })
    const seen = logs.find(({ address }) => isAddressEqual(address, consumer))
    const { args } = decodeFunctionData({
      abi: onResult,
      data: seen?.data ?? '0x',
    })
    expect(args).toEqual([jobId, bytesToHex(bytesOf(tinyResult(x)))])
  })
})

test('error: a fee below what the gas is worth leaves it to others', async () => {
  const { jobId } = await bought('logs', '0.01')
  const log = join(devnet.folder, 'provider', 'log.jsonl')
  await vi.waitFor(
    () => {
      const left = readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.includes('callback.left'))
      expect(left.some((line) => line.includes(jobId))).toBe(true)
    },
    { timeout: 60_000, interval: 500 },
  )
  expect(await calls(jobId)).toEqual([])
})

/** Buys for a consumer of some kind, and waits until the job is settled. */
async function bought(kind: keyof typeof consumers, callbackFee: string) {
  const client = devnet.client('requester')
  const consumer = await deployed(consumers[kind])
  const fee = parseEther(callbackFee)
  const { timestamp } = await getBlock(client)
  const order: Order = {
    ...template,
    rampStart: Number(timestamp) + 1,
    expiry: Number(timestamp) + 300,
    callback: consumer,
    callbackGas: 100_000,
    callbackFee: fee,
    maxTotal: template.maxTotal + fee,
    nonce: BigInt(consumer),
  }
  const { jobId, signature } = await signOrder(client, { order })
  await announceOrder(client, { order, signature })
  await awaitJob(client, { jobId, order, until: ['settled'] })
  return { jobId, consumer, fee }
}

/** A contract of this runtime code. */
async function deployed(code: string): Promise<Address> {
  const client = devnet.client('requester')
  const size = (code.length / 2).toString(16).padStart(2, '0')
  // Copies what stands behind these ten bytes, and returns it.
  const hash = await sendTransaction(client, {
    data: `0x60${size}600a5f3960${size}5ff3${code}`,
  })
  const receipt = await waitForTransactionReceipt(client, { hash })
  if (!receipt.contractAddress) throw new Error('not deployed')
  return getAddress(receipt.contractAddress)
}

/** Calls that a consumer of a job got. */
function calls(jobId: Hex) {
  return getContractEvents(devnet.client('requester'), {
    address: devnet.client('requester').addressBook.contracts.callbacks,
    abi: callbacksAbi,
    eventName: 'CalledBack',
    args: { jobId },
    fromBlock: 0n,
    strict: true,
  })
}

/** What an account may withdraw, at the end of a block. */
async function freeAt(account: Address, blockNumber: bigint) {
  const client = devnet.client('requester')
  const [free] = await readContract(client, {
    address: client.addressBook.contracts.ledger,
    abi: ledgerAbi,
    functionName: 'accountOf',
    args: [template.payToken, account],
    blockNumber,
  })
  return free
}
