import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  announceOrder,
  approveToken,
  buildFraudProof,
  bytesToHex,
  commitProof,
  type DemandRequest,
  demand,
  demandKinds,
  deposit,
  disputesAbi,
  executionId,
  forfeitCommit,
  getDemand,
  getJob,
  getProvider,
  type Hex,
  type JobStatus,
  LynodeError,
  proofCommitment,
  proveEntry,
  proveFraud,
  resultRootOf,
  signOrder,
} from '@lynode/sdk'
import { Devnet, type Oracle } from 'lynode/devnet'
import { createTestClient, http, parseEther, toFunctionSelector } from 'viem'
import {
  getBlockNumber,
  getContractEvents,
  getBalance as getEther,
  getTransactionReceipt,
  sendTransaction,
} from 'viem/actions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  derivedScenario,
  mlpScenario,
  type Scenario,
} from '../../sdk/src/vectors/scenarios.js'
import { HostileProvider, type Hostility } from './support/hostileProvider.js'
import { lynOf } from './support/lynOf.js'
import { sampleNone } from './support/sampleNone.js'
import { orderOn, verdictOn } from './support/sellOnce.js'
import { startWithOracle } from './support/startWithOracle.js'
import { untilStatus } from './support/untilStatus.js'

// Who pays, who is paid, and that those who are honest end no poorer but for gas.
const folder = mkdtempSync(join(tmpdir(), 'lynode-e2e-'))
// The honest provider leaves what pays less to the cheats.
const net = new Devnet({ folder, oracle: false, minPrice: '2' })
let oracle: Oracle | undefined
const collateral = parseEther('1000')

beforeAll(async () => {
  // An audit might void what is withheld before a demand is over (A7).
  oracle = await startWithOracle(net, sampleNone)
  const client = net.client('third')
  const { lynToken: token, ledger } = client.addressBook.contracts
  const amount = parseEther('10000')
  await approveToken(client, { token, spender: ledger, amount })
  await deposit.sync(client, { token, to: client.account.address, amount })
}, 240_000)

afterAll(async () => {
  await oracle?.stop()
  await net.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('error: a provider is convicted', () => {
  const truthful: Hostility = {
    serves: 'everything',
    answers: 'what it committed to',
  }
  const wrong = mlpScenario((_, name, values) => {
    if (name === 'h') values[307] = 9
  })
  test.each<[string, Scenario, Hostility, string]>([
    ['that computes with another weight', otherWeight(), truthful, 'fraud'],
    ['that delivers another shape', otherShape(), truthful, 'withheld'],
    [
      'that shows its trace and withholds what is in it, and its output',
      wrong,
      { serves: 'nothing', answers: 'the trace alone' },
      'withheld',
    ],
    [
      'that answers everything just before it is late',
      wrong,
      { serves: 'nothing', answers: 'at the last moment' },
      'fraud',
    ],
  ])('%s', async (_, scenario, hostility, verdict) => {
    const hostile = await HostileProvider.enrol(net, hostility)
    const before = await worth()
    const { order, jobId, signature } = await orderOn(net, scenario, {
      maxPrice: parseEther('1'),
      minPrice: 0n,
    })
    expect(await hostile.sell(scenario, order, signature, jobId)).toBe(
      'convicted',
    )
    expect(await verdictOn(net, jobId)).toMatchObject({ verdict })
    await expectPaid(hostile, before)
  })

  test('that withholds the input which nobody else has', async () => {
    const hostile = await HostileProvider.enrol(net, {
      serves: 'nothing',
      answers: 'nothing',
    })
    const before = await worth()
    // Of another model, so that nobody has seen it.
    const scenario = derivedScenario()
    const terms = { maxPrice: parseEther('1'), minPrice: 0n }
    const { order, jobId, signature } = await orderOn(
      net,
      scenario,
      terms,
      () => true,
    )
    expect(await hostile.sell(scenario, order, signature, jobId)).toBe(
      'convicted',
    )
    expect(await verdictOn(net, jobId)).toMatchObject({ verdict: 'withheld' })
    await expectPaid(hostile, before)
  })

  /** The cheat loses what was at stake; nobody else anything. */
  async function expectPaid(
    hostile: HostileProvider,
    before: Awaited<ReturnType<typeof worth>>,
  ): Promise<void> {
    const { stake } = await getProvider(net.client('third'), {
      providerId: hostile.providerId,
    })
    expect(parseEther('100000') - stake).toBe(collateral)
    expect(await lynOf(net, hostile.account)).toBe(0n)
    // The bonds come after the verdict.
    await expect
      .poll(async () => (await worth()).verifier - before.verifier, {
        timeout: 20_000,
      })
      .toBeGreaterThan(0n)
    const after = await worth()
    expect(after.requester).toBe(before.requester)
    report(before, after)
  }
})

describe('behavior: an honest provider is paid, and its challenger pays', () => {
  test('that demands whatever it may', async () => {
    const before = await worth()
    const { honest, order, jobId } = await honestDelivery()
    const { header: model } = honest.manifest
    const made: Hex[] = []
    const refusals = new Set<string>()
    for (const request of everyDemand(honest)) {
      const { status } = await getJob(net.client('third'), { jobId })
      if (status !== 'delivered') break
      await demand
        .sync(net.client('third'), {
          order,
          model,
          request,
          ...(request.kind === demandKinds.chunk
            ? proveEntry(honest.manifest, request.value)
            : {}),
        })
        .then(({ event }) => {
          made.push(event.demandId)
        })
        .catch((error: unknown) => {
          if (!(error instanceof LynodeError)) throw error
          refusals.add(error.code)
        })
    }
    await until(jobId, 'settled')
    expect(made.length).toBeGreaterThanOrEqual(3)
    // Every bond is shared out, or the next test would see the rest of it.
    for (const demandId of made) await untilDemand(demandId, 'claimed')
    const after = await worth()
    expect(after.provider - before.provider).toBeGreaterThan(parseEther('4.8'))
    expect(after.stake).toBe(before.stake)
    expect(after.third).toBeLessThan(before.third)
    report(before, after, {
      made: made.length,
      refusals: [...refusals],
    })
  })

  test('that commits to a proof of nothing', async () => {
    const before = await worth()
    const { honest, order, jobId } = await honestDelivery()
    const client = net.client('third')
    // What the proof names is shown first: it must fail for its numbers alone.
    const { header: model } = honest.manifest
    const [request] = everyDemand(honest)
    const { event: asked } = await demand.sync(client, {
      order,
      model,
      request: request as DemandRequest,
    })
    await untilDemand(asked.demandId, 'answered')
    const { attempt, providerId } = await getJob(client, { jobId })
    const execId = executionId({ jobId, attempt, providerId })
    const trace = honest.commitments(0)
    const { proof } = await buildFraudProof({
      manifest: honest.manifest,
      step: 0,
      node: honest.manifest.nodes.length - 1,
      output: 0,
      element: 0,
      commitments: trace,
      committed: (value) => honest.committed(0, value),
    })
    const salt = bytesToHex(randomBytes(32))
    const hash = proofCommitment({
      chainId: client.addressBook.chainId,
      execId,
      prover: client.account.address,
      proof,
      salt,
    })
    const { event, receipt } = await commitProof.sync(client, { order, hash })
    // A reveal needs a later block than its commit.
    while ((await getBlockNumber(client)) <= receipt.blockNumber)
      await sleep(100)
    await expect(
      proveFraud.sync(client, { order, proof, salt }),
    ).rejects.toMatchObject({ code: 'LY-DIS-021' })
    await until(jobId, 'settled')
    // The provider takes the bond of what was never revealed.
    await expect
      .poll(async () => (await worth()).provider - before.provider, {
        timeout: 30_000,
      })
      .toBeGreaterThan(parseEther('5'))
    await expect(
      forfeitCommit.sync(client, { execId, commitId: event.commitId }),
    ).rejects.toMatchObject({ code: 'LY-DIS-016' })
    const after = await worth()
    expect(after.stake).toBe(before.stake)
    expect(before.third - after.third).toBeGreaterThan(parseEther('1'))
    report(before, after)
  })
})

test('error: whoever copies a reveal out of the mempool gets nothing', async () => {
  const hostile = await HostileProvider.enrol(net, {
    serves: 'everything',
    answers: 'what it committed to',
  })
  const wrong = mlpScenario((_, name, values) => {
    if (name === 'h') values[307] = 9
  })
  const before = await worth()
  const { order, jobId, signature } = await orderOn(net, wrong, {
    maxPrice: parseEther('1'),
    minPrice: 0n,
  })
  const client = net.client('third')
  const selling = hostile.sell(wrong, order, signature, jobId)
  const data = await revealInMempool(jobId)
  const copy = await sendTransaction(client, {
    to: client.addressBook.contracts.disputes,
    data,
    gas: 5_000_000n,
    maxPriorityFeePerGas: parseEther('0.0000001'), // ahead of the original
    maxFeePerGas: parseEther('0.000001'),
  })
  await chain().setIntervalMining({ interval: 1 })
  expect(await selling).toBe('convicted')
  expect(await verdictOn(net, jobId)).toMatchObject({ verdict: 'fraud' })
  expect(await getTransactionReceipt(client, { hash: copy })).toMatchObject({
    status: 'reverted',
  })
  const after = await worth()
  expect(after.third).toBe(before.third)
  expect(after.requester).toBe(before.requester)
  expect(after.verifier).toBeGreaterThan(before.verifier)
  report(before, after)
})

/** As if one number of the first weight were another. */
function otherWeight(): Scenario {
  const honest = mlpScenario()
  const x = new Float32Array(
    Uint8Array.from(honest.committed(0, indexOf(honest, 'x'))).buffer,
  )
  return mlpScenario((_, name, values) => {
    if (name !== 'h') return
    for (const row of [0, 1]) values[row * 300 + 7]! += 3 * x[row * 4]!
  })
}

/** The right numbers under another shape: [3, 2] for [2, 3]. */
function otherShape(): Scenario {
  const honest = mlpScenario()
  const reshaped = (step: number) => {
    const commitments = honest.commitments(step)
    return {
      ...commitments,
      result: {
        ...commitments.result,
        steps: commitments.result.steps.map(({ carried, outputs }) => ({
          carried,
          outputs: outputs.map((output) => ({
            ...output,
            dims: [...output.dims].reverse(),
          })),
        })),
      },
    }
  }
  return {
    ...honest,
    commitments: reshaped,
    roots: (step) => ({
      ...honest.roots(step),
      resultRoot: resultRootOf(reshaped(step).result),
    }),
  }
}

function indexOf({ manifest }: Scenario, name: string): number {
  return manifest.values.findIndex((value) => value.name === name)
}

/** Trace, output, then chunk after chunk of everything that was committed to. */
function* everyDemand({ manifest }: Scenario): Generator<DemandRequest> {
  const whole = { step: 0, value: 0, chunk: 0, count: 0 }
  yield { kind: demandKinds.trace, ...whole }
  yield { kind: demandKinds.output, ...whole }
  for (let round = 0; round < 30; round++)
    for (const [value, { kind }] of manifest.values.entries())
      if (kind === 'input' || kind === 'activation' || kind === 'output')
        yield {
          kind: demandKinds.chunk,
          step: 0,
          value,
          chunk: round % 2,
          count: 1,
        }
}

/**
 * Calldata of the reveal that the verifier has just sent. No block is mined from
 * its commit on, so that the copy has all the time that it needs.
 */
async function revealInMempool(jobId: Hex): Promise<Hex> {
  const client = net.client('third')
  const { verifier } = net.accounts
  const { disputes } = client.addressBook.contracts
  await delivered(jobId)
  const fromBlock = await getBlockNumber(client)
  const clock = chain()
  for (let left = 3_000; left > 0; left--) {
    const [commit] = await getContractEvents(client, {
      address: disputes,
      abi: disputesAbi,
      eventName: 'ProofCommitted',
      fromBlock,
    })
    if (commit !== undefined) {
      await clock.setIntervalMining({ interval: 0 })
      // A reveal needs a later block than its commit.
      if ((await getBlockNumber(client)) <= commit.blockNumber)
        await clock.mine({ blocks: 1 })
      break
    }
    await sleep(20)
  }
  const selector = revealSelector()
  for (let left = 1_000; left > 0; left--) {
    const { pending } = await clock.getTxpoolContent()
    const sent = Object.entries(pending).flatMap(([from, byNonce]) =>
      from.toLowerCase() === verifier.address.toLowerCase()
        ? Object.values(byNonce)
        : [],
    )
    const found = sent.find(({ input }) => input.startsWith(selector))
    if (found !== undefined) return found.input
    await sleep(50)
  }
  throw new Error('nothing was revealed')
}

async function delivered(jobId: Hex): Promise<void> {
  while ((await getJob(net.client('third'), { jobId })).status !== 'delivered')
    await sleep(50)
}

function chain() {
  return createTestClient({ mode: 'anvil', transport: http(net.rpcUrl) })
}

function revealSelector(): Hex {
  const reveal = disputesAbi.find(
    (item) => item.type === 'function' && item.name === 'proveFraud',
  )
  if (reveal?.type !== 'function') throw new Error('no proveFraud')
  return toFunctionSelector(reveal)
}

test('behavior: a stranger who announces an order first, signed by nobody, holds up nothing', async () => {
  const honest = mlpScenario()
  const price = parseEther('5')
  const terms = { minPrice: price, maxPrice: price, deliverDuration: 60 }
  const { order } = await orderOn(net, honest, terms)
  const requester = net.client('requester')
  const again = { ...order, nonce: order.nonce + 1n }
  const { jobId, signature } = await signOrder(requester, { order: again })
  await announceOrder.sync(net.client('third'), {
    order: again,
    signature: `0x${'11'.repeat(65)}`,
  })
  // The provider has seen that one.
  await sleep(3_000)
  expect((await getJob(requester, { jobId })).status).toBe('none')
  await announceOrder.sync(requester, { order: again, signature })
  await until(jobId, 'delivered')
}, 120_000)

/** A job that the honest provider has done, and delivered. */
async function honestDelivery() {
  const honest = mlpScenario()
  const price = parseEther('5')
  const terms = { minPrice: price, maxPrice: price, deliverDuration: 60 }
  const { order, jobId } = await orderOn(net, honest, terms)
  await until(jobId, 'delivered')
  return { honest, order, jobId }
}

function until(jobId: Hex, status: JobStatus): Promise<void> {
  return untilStatus(net.client('third'), jobId, status, 90_000)
}

async function untilDemand(demandId: Hex, status: string): Promise<void> {
  await expect
    .poll(
      async () => (await getDemand(net.client('third'), { demandId })).status,
      { timeout: 30_000 },
    )
    .toBe(status)
}

/** LYN of everybody, and the ether that gas is paid with. */
async function worth() {
  const { requester, provider, verifier, third } = net.accounts
  const owner = net.accounts['provider-owner']
  const client = net.client('third')
  const { stake } = await getProvider(client, { providerId: net.providerId })
  return {
    requester: await lynOf(net, requester.address),
    provider:
      (await lynOf(net, owner.address)) + (await lynOf(net, provider.address)),
    verifier: await lynOf(net, verifier.address),
    third: await lynOf(net, third.address),
    stake,
    gas: {
      provider: await getEther(client, provider),
      verifier: await getEther(client, verifier),
    },
  }
}

type Worth = Awaited<ReturnType<typeof worth>>

/** What the honest spent on gas, in wei. */
function report(before: Worth, after: Worth, more: object = {}): void {
  process.stdout.write(
    `${JSON.stringify({
      test: expect.getState().currentTestName,
      gasWei: {
        provider: String(before.gas.provider - after.gas.provider),
        verifier: String(before.gas.verifier - after.gas.verifier),
      },
      ...more,
    })}\n`,
  )
}
