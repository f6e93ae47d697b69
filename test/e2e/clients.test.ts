import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  createLynodeClient,
  followJob,
  getBalance,
  loadModel,
  type ModelInterface,
  parseAmount,
  type RunResult,
  run,
  runStates,
  type TensorOutput,
  verifyResult,
} from '@lynode/sdk'
import {
  buildStep,
  Devnet,
  findNetwork,
  type Gateway,
  readGatewayConfig,
  startGateway,
} from 'lynode/devnet'
import { defineChain, type Hex, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { getBlock } from 'viem/actions'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { lynode } from './lynode.js'
import { chromiumPath, runInPage } from './support/browser.js'
import { noPython, pythonEnvironment } from './support/pythonEnvironment.js'
import { tinyModel, tinyResult } from './tinyModel.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-clients-'))
const devnet = new Devnet({ folder })
const maxPrice = parseAmount('15LYN')
const x = [1, 2, -3, 0.5]
let modelId: Hex
let model: ModelInterface

beforeAll(async () => {
  await buildStep().run(() => undefined)
  for (const step of devnet.steps()) await step.run(() => undefined)
  devnet.writeNetworkFile()
  writeFileSync(join(folder, 'tiny.onnx'), tinyModel())
  const published = await lynode(folder, 'model', 'publish', 'tiny.onnx')
  modelId = published.document['modelId'] as Hex
}, 300_000)

afterAll(async () => {
  await devnet.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** A client that was told nothing but where the chain and its contracts are. */
function client() {
  const { rpcUrl } = devnet
  const { addressBook } = devnet.client('requester')
  return createLynodeClient({
    chain: defineChain({
      id: addressBook.chainId,
      name: 'devnet',
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: [rpcUrl] } },
    }),
    transport: http(rpcUrl),
    account: privateKeyToAccount(devnet.accounts.requester.privateKey),
    addressBook,
  })
}

function elements(result: RunResult, name = 'y'): number[] {
  return Array.from(result.outputs[name]?.data as ArrayLike<number>)
}

describe('sdk', () => {
  let result: RunResult

  test('default: a model id, inputs and a price give the outputs', async () => {
    const states: string[] = []
    const lynodeClient = client()
    result = await lynodeClient.run({
      model: modelId,
      inputs: { x },
      maxPrice,
      onState: ({ type }) => states.push(type),
    })
    expect(elements(result)).toEqual(tinyResult(x))
    expect(result).toMatchObject({ class: 'float', final: true, providerId: 1 })
    expect(states).toEqual(
      expect.arrayContaining(['uploaded', 'signed', 'announced', 'final']),
    )
    expect(states.at(-1)).toBe('final')
  })

  test('behavior: an interface that was written down needs no file', async () => {
    model = await loadModel(client(), { modelId })
    const { document } = await lynode(folder, 'model', 'types', modelId)
    expect(document['model']).toEqual(JSON.parse(JSON.stringify(model)))
    const seen: string[] = []
    let delivered: RunResult | undefined
    for await (const state of runStates(client(), {
      model,
      inputs: { x: Float32Array.from(x) },
      maxPrice,
      wait: 'delivered',
    })) {
      seen.push(state.type)
      if (state.type === 'delivered') delivered = state.result
    }
    expect(seen.at(-1)).toBe('delivered')
    expect(delivered).toMatchObject({ status: 'delivered', final: false })
    const { timestamp } = await getBlock(devnet.client('requester'))
    expect(delivered?.finalAt).toBeGreaterThan(Number(timestamp))

    // Whoever has the order can pick the job up again, after a restart too.
    const again = followJob(client(), {
      order: delivered!.order,
      model,
      wait: 'delivered',
    })
    expect((await again.next()).value).toMatchObject({
      type: 'delivered',
      result: { jobId: delivered!.jobId, outputs: delivered!.outputs },
    })
  })

  test('behavior: a result is checked again without any server', async () => {
    const inputs = { x }
    const checked = await verifyResult(client(), { result, model, inputs })
    expect(checked).toMatchObject({
      jobId: result.jobId,
      class: 'float',
      final: true,
    })
    const refused = (parameters: Partial<Parameters<typeof verifyResult>[1]>) =>
      expect(
        verifyResult(client(), { result, model, inputs, ...parameters }),
      ).rejects.toMatchObject({ code: 'LY-JOB-006' })
    const y = result.outputs['y'] as TensorOutput<'float32'>
    const data = Float32Array.from(y.data)
    data[1] = (data[1] ?? 0) + 1e-6
    await refused({ result: { ...result, outputs: { y: { ...y, data } } } })
    await refused({ inputs: { x: [1, 2, -3, 0.25] } })
    await refused({
      result: { ...result, order: { ...result.order, maxPrice: 1n } },
    })
    await refused({ result: { ...result, outputs: [result.outputs, {}] } })
  })

  test('error: a signal ends a run, and the error names what is left', async () => {
    const early = AbortSignal.abort(new Error('too early'))
    await expect(
      run(client(), { model, inputs: { x }, maxPrice, signal: early }),
    ).rejects.toThrow('too early')
    const stop = new AbortController()
    let jobId: Hex | undefined
    const given = run(client(), {
      model,
      inputs: { x },
      maxPrice,
      signal: stop.signal,
      onState(state) {
        if (state.type !== 'announced') return
        jobId = state.jobId
        stop.abort(new Error('enough'))
      },
    })
    await expect(given).rejects.toMatchObject({ code: 'LY-JOB-004' })
    await expect(given).rejects.toThrow(String(jobId))
  })

  test('error: inputs that do not fit cost nothing', async () => {
    // An account without a deposit: whoever gets as far as an order makes one.
    const poor = devnet.client('publisher')
    const { lynToken: token } = poor.addressBook.contracts
    const account = poor.account.address
    for (const [inputs, code] of [
      [{ x: [1, 2, 3] }, 'LY-INP-003'],
      [{ x: Int32Array.of(1, 2, 3, 4) }, 'LY-INP-002'],
      [{ y: x }, 'LY-INP-004'],
    ] as const)
      await expect(
        run(poor, { model, inputs: inputs as never, maxPrice }),
      ).rejects.toMatchObject({ code })
    expect(await getBalance(poor, { token, account })).toEqual({
      free: 0n,
      committed: 0n,
    })
  })
})

describe('gateway', () => {
  let gateway: Gateway

  beforeAll(async () => {
    const config = readGatewayConfig(undefined, {
      models: [`tiny=${modelId}`],
      port: 0,
    })
    gateway = await startGateway(
      { client: client(), network: findNetwork(folder) },
      config,
      () => undefined,
    )
  })

  afterAll(() => gateway.close())

  const body = JSON.stringify({
    inputs: [{ name: 'x', shape: [1, 4], datatype: 'FP32', data: x }],
  })
  const infer = (query = '') =>
    fetch(`${gateway.url}/v2/models/tiny/infer${query}`, {
      method: 'POST',
      body,
    })

  test('default: a request is a job on the market', async () => {
    const before = await committed()
    const response = await infer('?wait=final')
    expect(response.status).toBe(200)
    const answer = (await response.json()) as {
      parameters: { job_id: string; final: boolean; price_wei: string }
      outputs: { data: number[] }[]
    }
    expect(answer.outputs[0]?.data).toEqual(tinyResult(x))
    expect(answer.parameters.final).toBe(true)
    // Final says that it can be settled: the provider's transaction comes after it.
    await vi.waitFor(
      async () => {
        const { job_id, price_wei } = answer.parameters
        const { document } = await lynode(folder, 'jobs', 'show', job_id)
        expect(document).toMatchObject({ status: 'settled', price: price_wei })
      },
      { timeout: 60_000, interval: 1_000 },
    )
    expect(before - (await committed())).toBeGreaterThanOrEqual(
      BigInt(answer.parameters.price_wei),
    )
  })

  test('error: a budget that is spent stops before anything is sent', async () => {
    const poor = await startGateway(
      {
        client: client(),
        network: { ...findNetwork(folder), folder: join(folder, 'poor') },
      },
      readGatewayConfig(undefined, {
        models: [`tiny=${modelId}`],
        port: 0,
        budget: '20LYN',
      }),
      () => undefined,
    )
    try {
      const before = await committed()
      const answers = await Promise.all(
        [0, 1].map(() =>
          fetch(`${poor.url}/v2/models/tiny/infer`, { method: 'POST', body }),
        ),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 429])
      const refused = answers.find(({ status }) => status === 429)
      expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(3_500)
      expect(await refused?.json()).toMatchObject({ code: 'LY-GTW-002' })
      expect(before - (await committed())).toBeLessThan(parseAmount('20LYN'))
    } finally {
      await poor.close()
    }
  })

  test.skipIf(noPython())(
    `behavior: tritonclient from PyPI, against ONNX Runtime (${noPython() ?? 'python3'})`,
    { timeout: 300_000 },
    async () => {
      const { python, folder: environment } = await pythonEnvironment(
        'tritonclient[http]==2.73.0',
        'onnxruntime==1.30.0',
      )
      try {
        const { stdout } = await promisify(execFile)(python, [
          fileURLToPath(new URL('support/tritonCalls.py', import.meta.url)),
          new URL(gateway.url).host,
          'tiny',
          join(folder, 'tiny.onnx'),
        ])
        const report = JSON.parse(stdout) as TritonReport
        expect(report).toMatchObject({
          live: true,
          ready: true,
          modelReady: true,
          otherReady: false,
          server: { name: 'lynode' },
          metadata: {
            name: 'tiny',
            inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 4] }],
            outputs: [{ name: 'y', datatype: 'FP32', shape: [1, 3] }],
          },
          final: { final: true },
          refusals: {
            shape: { status: '400', message: expect.stringMatching(/shape/) },
            model: { status: '404' },
            price: { status: '402' },
          },
        })
        expect(report.calls.map(({ id }) => id)).toEqual([
          'call 0',
          'call 1',
          'call 2',
          'call 3',
        ])
        const differences = [
          ...report.calls.map(({ difference }) => difference),
          report.unnamed,
          ...report.several,
        ]
        // Four products of numbers near 1: a few units of the last place.
        for (const difference of differences)
          expect(difference).toBeLessThan(2e-6)
      } finally {
        rmSync(environment, { recursive: true, force: true })
      }
    },
  )
})

/** What `tritonCalls.py` prints. */
type TritonReport = {
  calls: { id: string; difference: number }[]
  unnamed: number
  several: number[]
}

async function committed(): Promise<bigint> {
  const requester = devnet.client('requester')
  const { lynToken: token } = requester.addressBook.contracts
  const account = requester.account.address
  return (await getBalance(requester, { token, account })).committed
}

describe('browser', () => {
  const chromium = chromiumPath()

  test.skipIf(chromium === undefined)(
    `behavior: a page buys and checks (${chromium ?? 'no Chromium is installed'})`,
    async () => {
      const { output, errors } = await runInPage(chromium ?? '', {
        rpcUrl: devnet.rpcUrl,
        addressBook: readFileSync(devnet.addressBookPath, 'utf8'),
        privateKey: devnet.accounts.requester.privateKey,
        modelId,
        x,
      })
      expect(errors).toEqual([])
      expect(output).toMatchObject({
        y: tinyResult(x),
        class: 'float',
        final: true,
        verified: true,
        altered: 'LY-JOB-006',
      })
      expect(output.states.at(-1)).toBe('final')
    },
  )
})
