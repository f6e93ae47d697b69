import { afterAll, beforeAll, expect, test } from 'vitest'
import { sellOnce } from './support/sellOnce.js'
import {
  resultNamed,
  segment,
  trainedScenario,
} from './support/trainedScenario.js'
import { TrainingNet } from './support/trainingNet.js'

// The shortest way through B8; every kind of fraud is in training/fraud.test.ts.
const training = new TrainingNet()
const { net, runner } = training
const alter = { node: resultNamed('parameters_next'), by: 1 }

beforeAll(() => training.start({ truthful: 2, silent: 1 }), 240_000)
afterAll(() => training.stop())

test('error: a wrong step in the middle of a segment is proved', async () => {
  const step = segment + 1
  const scenario = await trainedScenario(runner, training.spool(), [
    { step, alter },
  ])
  const before = await training.possessions()
  const provider = training.take('truthful')
  const { status, verdict } = await sellOnce(net, provider, scenario)
  expect(verdict).toMatchObject({ verdict: 'fraud', step, operator: 'Sub' })
  expect(status).toBe('convicted')
  await training.expectWhole(before)
  await training.expectVerifierPaid()
})

test('error: a wrong step behind a nudge in its own segment is proved', async () => {
  const step = segment + 2
  const scenario = await trainedScenario(runner, training.spool(), [
    // Inside of the bounds, as another machine's rounding would be (A7).
    {
      step: segment,
      alter: { node: ({ operator }) => operator === 'Gemm', by: 2 ** -25 },
    },
    { step, alter },
  ])
  const before = await training.possessions()
  const provider = training.take('truthful')
  const { status, verdict } = await sellOnce(net, provider, scenario)
  expect(verdict).toMatchObject({ verdict: 'fraud', step, operator: 'Sub' })
  expect(status).toBe('convicted')
  await training.expectWhole(before)
})

test('error: whoever keeps the states of a segment to itself is convicted', async () => {
  const scenario = await trainedScenario(runner, training.spool(), [
    { step: 1, alter },
  ])
  const before = await training.possessions()
  const provider = training.take('silent')
  const { status, verdict } = await sellOnce(net, provider, scenario)
  expect(status).toBe('convicted')
  expect(verdict).toMatchObject({ verdict: 'withheld' })
  await training.expectWhole(before)
})
