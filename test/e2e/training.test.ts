import { afterAll, beforeAll, expect, test } from 'vitest'
import { sellOnce } from './support/sellOnce.js'
import {
  nudge,
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

test.each([
  ['in the middle of a segment', segment + 1, []],
  ['behind a nudge in its own segment', segment + 2, [nudge(segment)]],
])('error: a wrong step %s is proved', async (_, step, before) => {
  const scenario = await trainedScenario(runner, training.spool(), [
    ...before,
    { step, alter },
  ])
  const possessions = await training.possessions()
  const provider = training.take('truthful')
  const { status, verdict } = await sellOnce(net, provider, scenario)
  expect(verdict).toMatchObject({ verdict: 'fraud', step, operator: 'Sub' })
  expect(status).toBe('convicted')
  await training.expectWhole(possessions)
  await training.expectVerifierPaid()
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
