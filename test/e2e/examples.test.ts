import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as sdk from '@lynode/sdk'
import { approveToken, deposit, LynodeError, parseAmount } from '@lynode/sdk'
import { buildStep, Devnet, enrolProvider, publishModel } from 'lynode/devnet'
import ts from 'typescript'
import * as viem from 'viem'
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { examplesModule, gatherExamples } from '../examples/gatherExamples.js'
import { refusedExamples } from '../examples/refusedExamples.js'
import {
  exampleSituations,
  type Fixtures,
} from './support/exampleSituations.js'

// Every example of the sdk that asks a chain or a server runs against a real
// devnet. What one needs of a past that this network has not is refused by the
// contracts, for the reason that the list gives.

const here = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'lynode-examples-'))
const modules = mkdtempSync(join(here, 'examples/.examples-'))
const devnet = new Devnet({ folder })
const { examples } = gatherExamples(join(here, '../sdk'))
const onChain = examples.flatMap((example, index) =>
  example.needsChain ? [{ ...example, index }] : [],
)

type Run = (fixtures: Fixtures) => Promise<unknown>
let loaded: Record<string, Run>
let fixturesFor: ReturnType<typeof exampleSituations>

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
  const usual = await import('../examples/fixtures.js')
  const { file, manifest, model } = usual
  await publishModel(
    devnet.client('publisher'),
    server,
    new Uint8Array(file),
    manifest,
  )
  // One that closes no jobs for others: the examples do.
  const daemon = devnet.daemons[0]
  await daemon?.stop()
  await devnet.startDaemon({
    name: 'provider',
    role: 'provider',
    account: 'provider',
    port: Number(new URL(server).port),
    settings: { keeper: false },
  })
  const second = await enrolProvider(devnet.client('second-owner'), {
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
  const past = {
    result: result as Fixtures['result'],
    jobId,
    order,
    resultRoot,
    execId: sdk.executionId({ jobId, attempt, providerId }),
  } as Partial<Fixtures>
  fixturesFor = exampleSituations({ devnet, usual, past, second })

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
