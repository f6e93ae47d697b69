import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Runner } from '@lynode/runtime'
import {
  approveToken,
  demand,
  demandKinds,
  deposit,
  dtypes,
  expireDemand,
  getBalance,
  getDemand,
  getJob,
  getProvider,
  LynodeError,
} from '@lynode/sdk'
import { buildStep, Devnet, type Oracle } from 'lynode/devnet'
import { parseEther } from 'viem'
import { getBlock } from 'viem/actions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HostileProvider } from '../support/hostileProvider.js'
import { sampleNone } from '../support/sampleNone.js'
import { orderOn, sellOnce, verdictOn } from '../support/sellOnce.js'
import {
  averageScenario,
  resultNamed,
  segment,
  type TrainingCheat,
  trainedScenario,
} from '../support/trainedScenario.js'

// B8: a training whose segments have several steps, on the real contracts.
const folder = mkdtempSync(join(tmpdir(), 'lynode-fraud-'))
// The honest provider asks for more than anybody pays.
const net = new Devnet({ folder, oracle: false, minPrice: '1000000' })
let oracle: Oracle
const runner = new Runner()
const truthful = {
  serves: 'everything',
  answers: 'what it committed to',
} as const
const silent = { serves: 'nothing', answers: 'nothing' } as const
const within = { timeout: 120_000 }

/** One a test, because a conviction jails. */
const providers = { truthful: [], silent: [] } as {
  truthful: HostileProvider[]
  silent: HostileProvider[]
}

beforeAll(async () => {
  // Before the clock starts a transaction has its block at once.
  const [chain, deploy, ...rest] = net.steps().slice(0, 5)
  for (const step of [buildStep(), chain, deploy])
    await step?.run(() => undefined)
  // An audit might void what is withheld before a demand is over (A7).
  oracle = sampleNone(net)
  for (const step of rest) await step.run(() => undefined)
  for (let i = 0; i < 10; i++)
    providers.truthful.push(await HostileProvider.enrol(net, truthful))
  for (let i = 0; i < 3; i++)
    providers.silent.push(await HostileProvider.enrol(net, silent))
  atFirst = await ofVerifier()
  await net.startClock()
}, 240_000)

afterAll(async () => {
  await oracle?.stop()
  await net.stop()
  await runner.close()
  rmSync(folder, { recursive: true, force: true })
})

const spool = () => mkdtempSync(join(folder, 'run-'))
const last = 2 * segment - 1
const parameters = resultNamed('parameters_next')

/** The table of learning rates, read by the counter. */
const rate: NonNullable<TrainingCheat['alter']>['node'] = (node, weights) =>
  node.operator === 'Gather' &&
  weights.get(node.inputs[0] ?? '')?.dtype === dtypes.float32
const order: NonNullable<TrainingCheat['alter']>['node'] = ({
  operator,
  inputs,
}) => operator === 'Gather' && inputs[0] === 'order'

describe('error: the verifier convicts who trains wrongly', () => {
  test.each<[string, TrainingCheat, Record<string, unknown>]>([
    [
      'the state alone, in the first step of a segment',
      { step: segment, alter: { node: parameters, by: 1 } },
      { operator: 'Sub' },
    ],
    [
      'the state alone, in the middle of a segment',
      { step: segment + 1, alter: { node: parameters, by: 1 } },
      { operator: 'Sub' },
    ],
    [
      'the state alone, in the last step of a segment',
      { step: last, alter: { node: parameters, by: 1 } },
      { operator: 'Sub' },
    ],
    [
      'the loss alone',
      { step: segment + 2, alter: { node: resultNamed('loss'), by: -1 } },
      {},
    ],
    [
      'another batch than the order names',
      { step: segment + 1, alter: { node: order, by: 1 } },
      { operator: 'Gather' },
    ],
    [
      'another learning rate',
      { step: 1, alter: { node: rate, by: 0.5 } },
      { operator: 'Gather' },
    ],
    [
      'another checkpoint than the steps end in',
      { step: last, swap: true },
      { operator: 'Sub' },
    ],
    ['stale parameters', { step: segment, stale: true }, {}],
  ])('by a proof: %s', within, async (_, cheat, found) => {
    const provider = take('truthful')
    const scenario = await trainedScenario(runner, spool(), cheat)
    const before = await balances()
    const { status, verdict } = await sellOnce(net, provider, scenario)
    expect(verdict).toMatchObject({
      verdict: 'fraud',
      step: cheat.step,
      ...found,
    })
    expect(status).toBe('convicted')
    await whole(before)
  })

  test('by a proof: a round that is averaged wrongly', within, async () => {
    const provider = take('truthful')
    const scenario = await averageScenario(runner, spool(), {
      step: 0,
      alter: { node: resultNamed('momentum_next'), by: 0.125 },
    })
    const before = await balances()
    const { status, verdict } = await sellOnce(net, provider, scenario)
    expect(verdict).toMatchObject({ verdict: 'fraud', step: 0 })
    expect(status).toBe('convicted')
    await whole(before)
  })

  test('by silence: the dataset, which nobody else has', within, async () => {
    const provider = take('silent')
    // No other test of this file trains on it: the verifier keeps what it fetched.
    const scenario = await trainedScenario(runner, spool(), undefined, 11)
    const before = await balances()
    const sold = await orderOn(net, scenario, {}, (name) =>
      name.startsWith('data_'),
    )
    expect(
      await provider.sell(scenario, sold.order, sold.signature, sold.jobId),
    ).toBe('convicted')
    expect(await verdictOn(net, sold.jobId)).toMatchObject({
      verdict: 'withheld',
    })
    await whole(before)
  })

  test('by silence: the states within a segment', within, async () => {
    const provider = take('silent')
    const scenario = await trainedScenario(runner, spool(), {
      step: 1,
      alter: { node: parameters, by: 1 },
    })
    const before = await balances()
    const { status, verdict } = await sellOnce(net, provider, scenario)
    expect(status).toBe('convicted')
    expect(verdict).toMatchObject({ verdict: 'withheld' })
    await whole(before)
  })

  test(
    'by silence: a checkpoint that is right, and that nobody gets',
    within,
    async () => {
      const provider = take('silent')
      const scenario = await trainedScenario(runner, spool())
      const before = await balances()
      const { order, jobId, signature } = await orderOn(net, scenario)
      const sold = provider.sell(scenario, order, signature, jobId)
      const asker = net.client('third')
      const { lynToken: token, ledger } = asker.addressBook.contracts
      const amount = parseEther('1000')
      await approveToken(asker, { token, spender: ledger, amount })
      await deposit.sync(asker, { token, to: asker.account.address, amount })
      await expect
        .poll(async () => (await getJob(asker, { jobId })).status, {
          timeout: 30_000,
        })
        .toBe('delivered')
      const {
        event: { demandId },
      } = await demand.sync(asker, {
        order,
        model: scenario.manifest.header,
        request: {
          kind: demandKinds.output,
          step: last,
          value: 0,
          chunk: 0,
          count: 0,
        },
      })
      const { deadline } = await getDemand(asker, { demandId })
      while (Number((await getBlock(asker)).timestamp) <= deadline)
        await sleep(200)
      await expireDemand.sync(asker, { order, demandId }).catch((error) => {
        // The verifier may have been faster.
        if (!(error instanceof LynodeError)) throw error
      })
      expect(await sold).toBe('convicted')
      await whole(before)
    },
  )
})

describe('behavior: who trains rightly is paid', () => {
  test('a verifier agrees, and nothing is demanded', within, async () => {
    const provider = take('truthful')
    const scenario = await trainedScenario(runner, spool())
    const { status, verdict } = await sellOnce(net, provider, scenario)
    expect(status).toBe('settled')
    expect(verdict).toMatchObject({ verdict: 'ok' })
  })

  test('the verifier has its bonds back, and more', within, async () => {
    await expect
      .poll(() => ofVerifier(), { timeout: 30_000 })
      .toBeGreaterThan(atFirst)
  })
})

/** What the verifier could spend before it convicted anybody. */
let atFirst = 0n

/** What the verifier can spend: its bonds are paid out of it. */
async function ofVerifier(): Promise<bigint> {
  const client = net.client('verifier')
  const { free } = await getBalance(client, {
    token: client.addressBook.contracts.lynToken,
    account: client.account.address,
  })
  return free
}

function take(hostility: keyof typeof providers): HostileProvider {
  const provider = providers[hostility].pop()
  if (provider === undefined) throw new Error('too few were enrolled')
  return provider
}

/** What those have who did nothing wrong. */
async function balances() {
  const client = net.client('requester')
  const { stake } = await getProvider(client, { providerId: net.providerId })
  const { free, committed } = await getBalance(client, {
    token: client.addressBook.contracts.lynToken,
    account: client.account.address,
  })
  return { stake, requester: free + committed }
}

/** The requester has its money back, and nobody touched the honest provider's stake. */
async function whole(before: Awaited<ReturnType<typeof balances>>) {
  expect(await balances()).toEqual(before)
}
