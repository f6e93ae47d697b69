import { setTimeout as sleep } from 'node:timers/promises'
import {
  approveToken,
  demand,
  demandKinds,
  deposit,
  dtypes,
  expireDemand,
  getDemand,
  getJob,
  LynodeError,
} from '@lynode/sdk'
import { parseEther } from 'viem'
import { getBlock } from 'viem/actions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { orderOn, sellOnce, verdictOn } from '../support/sellOnce.js'
import {
  averageScenario,
  nudge,
  resultNamed,
  segment,
  type TrainingCheat,
  trainedScenario,
} from '../support/trainedScenario.js'
import { TrainingNet } from '../support/trainingNet.js'

// B8: a training whose segments have several steps, on the real contracts.
const training = new TrainingNet()
const { net, runner } = training
const within = { timeout: 120_000 }

beforeAll(() => training.start({ truthful: 12, bare: 1, silent: 3 }), 240_000)
afterAll(() => training.stop())

const last = 2 * segment - 1
/** Last but one of six segments' steps. */
const last6 = 6 * segment - 2
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
    const scenario = await trainedScenario(runner, training.spool(), [cheat])
    const before = await training.possessions()
    const provider = training.take('truthful')
    const { status, verdict } = await sellOnce(net, provider, scenario)
    expect(verdict).toMatchObject({
      verdict: 'fraud',
      step: cheat.step,
      ...found,
    })
    expect(status).toBe('convicted')
    await training.expectWhole(before)
  })

  const lie = (step: number): TrainingCheat => ({
    step,
    alter: { node: parameters, by: 1 },
  })

  test.each<[string, 'truthful' | 'bare', number, TrainingCheat[], number]>([
    [
      'behind a nudge in its own segment',
      'truthful',
      2,
      [nudge(segment), lie(segment + 2)],
      segment + 2,
    ],
    [
      'behind a nudge in its own segment, where nobody serves the states',
      'bare',
      2,
      [nudge(segment), lie(segment + 2)],
      segment + 2,
    ],
    [
      'in the sixth segment, behind a nudge in each',
      'truthful',
      6,
      [...[0, 1, 2, 3, 4, 5].map((i) => nudge(i * segment)), lie(last6)],
      last6,
    ],
  ])(
    'by a proof: a lie %s',
    within,
    async (_, kind, segments, cheats, step) => {
      const scenario = await trainedScenario(
        ...[runner, training.spool(), cheats, 3, segments],
      )
      const before = await training.possessions()
      const { status, verdict } = await sellOnce(
        ...[net, training.take(kind), scenario],
      )
      expect(verdict).toMatchObject({ verdict: 'fraud', step, operator: 'Sub' })
      expect(status).toBe('convicted')
      await training.expectWhole(before)
    },
  )

  test('by a proof: a round that is averaged wrongly', within, async () => {
    const scenario = await averageScenario(runner, training.spool(), [
      { step: 0, alter: { node: resultNamed('momentum_next'), by: 0.125 } },
    ])
    const before = await training.possessions()
    const provider = training.take('truthful')
    const { status, verdict } = await sellOnce(net, provider, scenario)
    expect(verdict).toMatchObject({ verdict: 'fraud', step: 0 })
    expect(status).toBe('convicted')
    await training.expectWhole(before)
  })

  test('by silence: the dataset, which nobody else has', within, async () => {
    const provider = training.take('silent')
    // No other test of this file trains on it: the verifier keeps what it fetched.
    const scenario = await trainedScenario(runner, training.spool(), [], 11)
    const before = await training.possessions()
    const sold = await orderOn(net, scenario, {}, (name) =>
      name.startsWith('data_'),
    )
    expect(
      await provider.sell(scenario, sold.order, sold.signature, sold.jobId),
    ).toBe('convicted')
    expect(await verdictOn(net, sold.jobId)).toMatchObject({
      verdict: 'withheld',
    })
    await training.expectWhole(before)
  })

  test('by silence: the states within a segment', within, async () => {
    const scenario = await trainedScenario(runner, training.spool(), [
      { step: 1, alter: { node: parameters, by: 1 } },
    ])
    const before = await training.possessions()
    const provider = training.take('silent')
    const { status, verdict } = await sellOnce(net, provider, scenario)
    expect(status).toBe('convicted')
    expect(verdict).toMatchObject({ verdict: 'withheld' })
    await training.expectWhole(before)
  })

  test(
    'by silence: a checkpoint that is right, and that nobody gets',
    within,
    async () => {
      const provider = training.take('silent')
      const scenario = await trainedScenario(runner, training.spool())
      const before = await training.possessions()
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
      await training.expectWhole(before)
    },
  )
})

describe('behavior: who trains rightly is paid', () => {
  test('a verifier agrees, and nothing is demanded', within, async () => {
    const scenario = await trainedScenario(runner, training.spool())
    const provider = training.take('truthful')
    const { status, verdict } = await sellOnce(net, provider, scenario)
    expect(status).toBe('settled')
    expect(verdict).toMatchObject({ verdict: 'ok' })
  })

  test('the verifier has its bonds back, and more', within, () =>
    training.expectVerifierPaid(),
  )
})
