import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as sdk from '@lynode/sdk'
import {
  approveToken,
  deposit,
  type LynodeClient,
  LynodeError,
  makeOrder,
  type Order,
  parseAmount,
  signHotKeyConsent,
  signOrder,
} from '@lynode/sdk'
import { buildStep, Devnet, enrolProvider, publishModel } from 'lynode/devnet'
import ts from 'typescript'
import * as viem from 'viem'
import { type Hex, parseEther } from 'viem'
import { getBlock } from 'viem/actions'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  examplesModule,
  gatherExamples,
} from '../../examples/gatherExamples.js'
import { refusedExamples } from '../../examples/refusedExamples.js'

// Every example of the sdk that asks a chain or a server runs against a real
// devnet. What one needs of a past that this network has not is refused by the
// contracts, for the reason that the list gives.

const here = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'lynode-examples-'))
const modules = mkdtempSync(join(here, 'examples/.examples-'))
const devnet = new Devnet({ folder })
const { examples } = gatherExamples(join(here, '../sdk'))
const onChain = examples.flatMap((example, index) =>
  example.needsChain ? [{ ...example, index }] : [],
)

type Fixtures = typeof import('../../examples/fixtures.js')
type Run = (fixtures: Fixtures) => Promise<unknown>
let usual: Fixtures
let loaded: Record<string, Run>
/** What a job that was delivered and settled has left behind. */
let past: Partial<Fixtures>
let second: number

beforeAll(async () => {
  await buildStep().run(() => undefined)
  for (const step of devnet.steps()) await step.run(() => undefined)
  const place = globalThis as { lynodeExamples?: unknown }
  const server = devnet.daemons[0]?.endpoint ?? ''
  place.lynodeExamples = {
    rpcUrl: devnet.rpcUrl,
    addressBook: readFileSync(devnet.addressBookPath, 'utf8'),
    privateKey: devnet.accounts.requester.privateKey,
    server,
  }
  usual = await import('../../examples/fixtures.js')
  const { file, manifest, model } = usual
  await publishModel(
    devnet.client('publisher'),
    server,
    new Uint8Array(file),
    manifest,
  )
  // A provider without a daemon, whose keys the examples may use.
  second = await enrolProvider(devnet.client('second-owner'), {
    hot: devnet.client('second'),
    endpoint: server,
    stake: parseEther('50000'),
  })
  for (const role of ['requester', 'second'] as const) {
    const client = devnet.client(role)
    const { lynToken: token, ledger } = client.addressBook.contracts
    const amount = parseEther('5000')
    await approveToken(client, { token, spender: ledger, amount })
    await deposit.sync(client, { token, to: client.account.address, amount })
  }
  const result = await sdk.run(devnet.client('requester'), {
    model,
    inputs: { x: [1, 2, -3, 0.5] },
    maxPrice: parseAmount('15LYN'),
  })
  const { jobId, order, attempt, providerId, resultRoot } = result
  past = {
    result: result as Fixtures['result'],
    jobId,
    order,
    resultRoot,
    execId: sdk.executionId({ jobId, attempt, providerId }),
  } as Partial<Fixtures>

  const source = examplesModule(examples, '../fixtures.js', {
    sdk: Object.keys(sdk),
    types: ['Order'],
    viem: Object.keys(viem),
    fixtures: Object.keys(usual),
  })
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
    },
  })
  const path = join(modules, 'examples.js')
  writeFileSync(path, outputText)
  loaded = (await import(
    /* @vite-ignore */ pathToFileURL(path).href
  )) as typeof loaded
}, 600_000)

afterAll(async () => {
  await devnet.stop()
  for (const one of [folder, modules])
    rmSync(one, { recursive: true, force: true })
})

/** An order of now, on inputs that the data server has. */
async function freshOrder(terms: Partial<Order> = {}): Promise<Order> {
  const { modelId, inputRoot } = usual
  return {
    ...(await makeOrder(devnet.client('requester'), {
      modelId,
      class: 'float',
      inputRoot,
      maxPrice: parseAmount('15LYN'),
      minPrice: parseAmount('15LYN'),
      rampDuration: 0,
    })),
    ...terms,
  }
}

/** Locks an order as the provider without a daemon. */
async function lock(order: Order): Promise<void> {
  const { signature } = await signOrder(devnet.client('requester'), { order })
  await untilStart(order)
  await sdk.lockJob.sync(devnet.client('second'), { order, signature })
}

async function untilStart({ rampStart }: Order): Promise<void> {
  await expect
    .poll(async () => (await getBlock(devnet.client('requester'))).timestamp, {
      timeout: 20_000,
    })
    .toBeGreaterThanOrEqual(BigInt(rampStart))
}

const asSecond = async () => ({ client: devnet.client('second') })
const asOwner = async () => ({
  client: devnet.client('second-owner'),
  providerId: second,
})

/** What an example needs beside a fresh order: who acts, and what was done before. */
const before: Record<string, () => Promise<object>> = {
  lockJob: async () => {
    const order = await freshOrder()
    const { signature } = await signOrder(devnet.client('requester'), { order })
    await untilStart(order)
    return { ...(await asSecond()), order, signature }
  },
  deliverResult: async () => {
    const order = await freshOrder()
    await lock(order)
    return { ...(await asSecond()), jobId: idOf(order) }
  },
  deliverWithOutputs: async () => {
    const order = await freshOrder()
    await lock(order)
    return { ...(await asSecond()), jobId: idOf(order) }
  },
  demand: async () => {
    const order = await freshOrder()
    await lock(order)
    const { resultRoot } = usual
    await sdk.deliverResult.sync(devnet.client('second'), {
      jobId: idOf(order),
      resultRoot,
    })
    return { order }
  },
  awaitJob: async () => past,
  followJob: async () => past,
  finalityOf: async () => past,
  findOrder: async () => past,
  verifyResult: async () => past,
  fetchResult: async () => past,
  fetchOutputs: async () => past,
  getJob: async () => past,
  getExecution: async () => past,
  registerNode: async () => ({
    owner: devnet.client('third-owner'),
    hot: devnet.client('third'),
    hotKey: devnet.accounts.third.address,
  }),
  rotateHotKey: async () => ({
    ...(await asOwner()),
    owner: devnet.client('second-owner'),
    hotKey: devnet.accounts.publisher.address,
    consent: await signHotKeyConsent(devnet.client('publisher'), {
      owner: devnet.accounts['second-owner'].address,
      role: 'provider',
    }),
  }),
  stake: async () => {
    const { client } = await asOwner()
    const { lynToken: token, stakeManager } = client.addressBook.contracts
    const amount = parseEther('100000')
    await approveToken(client, { token, spender: stakeManager, amount })
    return asOwner()
  },
  delegate: async () => {
    await sdk.openPool
      .sync(devnet.client('second-owner'), {
        providerId: second,
        floorBps: 5_000,
        commissionBps: 1_000,
      })
      .catch(() => undefined) // an example may have opened it
    const client = devnet.client('requester')
    const { lynToken: token, stakeManager } = client.addressBook.contracts
    await approveToken(client, {
      token,
      spender: stakeManager,
      amount: parseEther('100'),
    })
    return { providerId: second, nonce: 1 }
  },
  deposit: approved,
  depositCommitted: approved,
  announceOffer: asSecond,
  signOffer: asSecond,
}

async function approved(): Promise<object> {
  const client = devnet.client('requester')
  const { lynToken: token, ledger } = client.addressBook.contracts
  const amount = parseEther('10')
  await approveToken(client, { token, spender: ledger, amount })
  return {}
}

function idOf(order: Order): Hex {
  const { chainId, contracts } = devnet.client('requester').addressBook
  return sdk.orderId({ chainId, jobMarket: contracts.jobMarket, order })
}

async function fixturesFor(name: string, code: string): Promise<Fixtures> {
  const requester = devnet.client('requester')
  const fresh = await freshOrder()
  const { signature } = await signOrder(requester, { order: fresh })
  return {
    ...usual,
    ...past,
    hot: devnet.client('second') as unknown as LynodeClient,
    owner: devnet.client('second-owner') as unknown as LynodeClient,
    provider: { endpoint: usual.server },
    ...(/\bowner\b/.test(code) ? { providerId: second } : {}),
    order: fresh,
    draft: fresh,
    orders: [await freshOrder(), await freshOrder()],
    signature,
    request: { ...usual.request, collateral: fresh.collateral },
    ...(await before[name]?.()),
  } as Fixtures
}

test('default: the list of refusals names examples that there are', () => {
  const names = new Set(onChain.map(({ name }) => name))
  expect(
    Object.keys(refusedExamples).filter((name) => !names.has(name)),
  ).toEqual([])
  for (const { reason } of Object.values(refusedExamples))
    expect(reason.length).toBeGreaterThan(15)
})

test('default: most of them do what they say', () => {
  const runs = onChain.filter(({ name }) => !(name in refusedExamples))
  expect(onChain.length).toBeGreaterThan(130)
  expect(runs.length).toBeGreaterThan(onChain.length / 2)
})

test.each(onChain.map((one) => [one.name, one] as const))(
  'behavior: %s',
  { timeout: 90_000 },
  async (name, { index, code }) => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const run = loaded[`example${index}_${name}`]
    const refused = refusedExamples[name]
    try {
      const outcome = run?.(await fixturesFor(name, code))
      if (refused === undefined) await outcome
      else
        expect(
          await outcome?.then(
            () => 'it ran',
            (error: unknown) =>
              error instanceof LynodeError ? error.code : String(error),
          ),
        ).toBe(refused.code)
    } finally {
      log.mockRestore()
    }
  },
)
