import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  dtypes,
  encodeNpy,
  getZkModel,
  parseAddressBook,
  parseNpy,
  zkDeliveriesAbi,
  zkVerifierRouterAbi,
} from '@lynode/sdk'
import { buildStep, Devnet } from 'lynode/devnet'
import {
  createPublicClient,
  decodeFunctionData,
  type Hex,
  http,
  size,
  slice,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lynode, lynodeError } from '../lynode.js'
import { bytesOf, tinyModel, tinyResult } from '../tinyModel.js'

// Publication compiles circuits with Python; CI has it.
const python = spawnSync('python3', ['--version']).status === 0
const needed = python || process.env['CI'] === 'true'

const folder = mkdtempSync(join(tmpdir(), 'lynode-zk-'))
const devnet = new Devnet({ folder })
const x = [1, 2, -3, 0.5]
let modelId: Hex

describe.runIf(needed)('class zk (needs python3)', () => {
  beforeAll(async () => {
    await buildStep().run(() => undefined)
    for (const step of devnet.steps()) await step.run(() => undefined)
    devnet.writeNetworkFile()
    writeFileSync(join(folder, 'tiny.onnx'), tinyModel())
    writeFileSync(join(folder, 'pool.onnx'), tinyModel([1, 4], 'Softmax'))
    writeFileSync(
      join(folder, 'x.npy'),
      encodeNpy({ dtype: dtypes.float32, dims: [1, 4], data: bytesOf(x) }),
    )
  }, 300_000)

  afterAll(async () => {
    await devnet.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('error: what no circuit serves is refused before any work', async () => {
    const { code, message } = await lynodeError(
      folder,
      ...['model', 'publish', 'pool.onnx', '--class', 'zk'],
    )
    expect(code).toBe('LY-ZK-011')
    expect(message).toContain('Softmax')
  })

  test('default: published, proved, delivered, paid, checked', async () => {
    const published = await lynode(
      folder,
      ...['model', 'publish', 'tiny.onnx', '--class', 'zk'],
    )
    expect(published.document).toMatchObject({ class: 'zk' })
    modelId = published.document['modelId'] as Hex
    expect(published.document['maxDifference']).toBeLessThan(0.05)

    const { document } = await lynode(
      folder,
      ...['run', modelId, '--input', 'x=@x.npy', '--max-price', '15LYN'],
    )
    expect(document).toMatchObject({ class: 'zk', verdict: 'settled' })
    const { y } = document['outputs'] as { y: string }
    const output = parseNpy(new Uint8Array(readFileSync(y)))
    const values = new Float32Array(output.data.buffer)
    tinyResult(x).forEach((value, i) => {
      expect(Math.abs(value - (values[i] ?? Number.NaN))).toBeLessThan(0.1)
    })
  }, 600_000)

  test('error: no altered statement and no altered proof passes', async () => {
    const client = createPublicClient({
      transport: http(devnet.rpcUrl),
      cacheTime: 0,
    })
    const book = parseAddressBook(readFileSync(devnet.addressBookPath, 'utf8'))
    const { contracts } = book
    const [log] = await client.getContractEvents({
      address: contracts.zkDeliveries,
      abi: zkDeliveriesAbi,
      eventName: 'ProvedDelivered',
      fromBlock: 0n,
      strict: true,
    })
    if (log === undefined) throw new Error('nothing was delivered')
    const { input, from } = await client.getTransaction({
      hash: log.transactionHash,
    })
    const { args } = decodeFunctionData({ abi: zkDeliveriesAbi, data: input })
    const [step] = args[2] as readonly {
      inputs: readonly Hex[]
      outputs: readonly (readonly bigint[])[]
      proof: Hex
    }[]
    if (step === undefined) throw new Error('no step')
    const { selector, shape } = await getZkModel(
      Object.assign(client, { addressBook: book }),
      { modelId },
    )
    const scale = shape.inputScales[0] ?? 0
    const r =
      21888242871839275222246405745257275088548364400416034343698204186575808495617n
    const element = (value: bigint) => (value < 0n ? r + value : value)
    const instances = [
      ...x.map((value) => element(BigInt(Math.round(value * 2 ** scale)))),
      ...step.outputs.flat().map(element),
    ]
    const verify = (proof: Hex, numbers: bigint[]) =>
      client.readContract({
        address: contracts.zkVerifierRouter,
        abi: zkVerifierRouterAbi,
        functionName: 'verify',
        args: [selector, proof, numbers],
      })
    await verify(step.proof, instances) // the real one passes
    const rejected = /ZkVerifierRouter_ProofRejected/
    const length = size(step.proof)
    for (let i = 0; i < 100; i++) {
      const at = Math.floor((i * length) / 100)
      const byte = Number(slice(step.proof, at, at + 1)) ^ (1 << (i % 8))
      const flipped = Buffer.from(step.proof.slice(2), 'hex')
      flipped[at] = byte
      await expect(
        verify(`0x${flipped.toString('hex')}`, instances),
      ).rejects.toThrow(rejected)
    }
    await expect(
      verify(slice(step.proof, 0, length - 32), instances),
    ).rejects.toThrow(rejected)
    await expect(
      verify(`${step.proof}${'00'.repeat(32)}`, instances),
    ).rejects.toThrow(rejected)
    for (const value of [0n, r - 1n, (r - 1n) / 2n, r])
      await expect(
        verify(step.proof, [value, ...instances.slice(1)]),
      ).rejects.toThrow(rejected)
    await expect(verify(step.proof, instances.slice(1))).rejects.toThrow(
      rejected,
    )
    // The delivery itself cannot be repeated.
    await expect(
      client.call({ account: from, to: contracts.zkDeliveries, data: input }),
    ).rejects.toThrow()
  }, 120_000)
})
