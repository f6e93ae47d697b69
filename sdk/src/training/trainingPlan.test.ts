import { expect, test } from 'vitest'
import { carriedScenario } from '../vectors/scenarios.js'
import { encodeSafetensors } from './encodeSafetensors.js'
import { shuffledOrder } from './shuffledOrder.js'
import {
  milestonesOf,
  type TrainingPlan,
  trainingNonce,
  trainingPlanId,
} from './trainingPlan.js'
import { TrainingState } from './trainingState.js'

const scenario = carriedScenario(undefined, 2)
const { manifest } = scenario
const [first] = scenario.commitments(0).inputs.steps
const { result } = scenario.commitments(0)
const plan: TrainingPlan = {
  modelId: manifest.modelId,
  steps: 5,
  milestoneSteps: 2,
  state: { state: first![1]! },
  data: [{ x: first![0]!, bias: first![2]! }],
}

test('default: a milestone begins with the state in which the last one ended', () => {
  expect(milestonesOf(plan, manifest)).toEqual([
    { first: 0, steps: 2 },
    { first: 2, steps: 2 },
    { first: 4, steps: 1 },
  ])
  const state = new TrainingState(plan, manifest, undefined)
  expect(state.inputs(0).steps).toEqual([first, [first![0], first![2]]])
  state.accept(0, { ...result, steps: result.steps.slice(0, 2) })
  expect(state.inputs(0).steps[0]).toEqual([
    first![0],
    result.steps[1]!.carried[0],
    first![2],
  ])
})

test('behavior: nonces follow from the plan, the milestone and the attempt alone', () => {
  const id = trainingPlanId(plan)
  expect(trainingPlanId({ ...plan })).toBe(id)
  expect(trainingPlanId({ ...plan, steps: 6 })).not.toBe(id)
  const nonces = [0, 1].flatMap((milestone) =>
    [0, 1].flatMap((slot) =>
      [0, 1].map((attempt) => trainingNonce(id, { milestone, slot, attempt })),
    ),
  )
  expect(new Set(nonces).size).toBe(8)
})

test('error: milestones are whole segments, and every input has data', () => {
  const refused = expect.objectContaining({ code: 'LY-TRN-002' })
  expect(() => milestonesOf({ ...plan, milestoneSteps: 3 }, manifest)).toThrow(
    refused,
  )
  expect(() =>
    new TrainingState({ ...plan, data: [{}] }, manifest, undefined).inputs(0),
  ).toThrow(refused)
})

test('behavior: every epoch of an order is a permutation, whoever makes it', () => {
  const options = { samples: 10, batch: 3, seed: 4 }
  const order = shuffledOrder({ ...options, first: 0, rows: 10 })
  for (const epoch of [0, 1, 2])
    expect(
      [...order.slice(10 * epoch, 10 * epoch + 10)].sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 10 }, (_, i) => i))
  expect(order.slice(0, 10)).not.toEqual(order.slice(10, 20))
  expect(shuffledOrder({ ...options, first: 5, rows: 5 })).toEqual(
    order.slice(15),
  )
})

test('behavior: a safetensors file has a head of text and the bytes behind it', () => {
  const file = encodeSafetensors(
    new Map([
      [
        'a',
        {
          dtype: 1 as const,
          dims: [2],
          bytes: new Uint8Array(Float32Array.of(1, 2).buffer),
        },
      ],
      ['b.c', { dtype: 2 as const, dims: [1], bytes: Uint8Array.of(7) }],
    ]),
    { step: '3' },
  )
  const length = Number(new DataView(file.buffer).getBigUint64(0, true))
  expect(length % 8).toBe(0)
  expect(
    JSON.parse(new TextDecoder().decode(file.slice(8, 8 + length))),
  ).toEqual({
    __metadata__: { step: '3' },
    a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
    'b.c': { dtype: 'U8', shape: [1], data_offsets: [8, 9] },
  })
  expect(file.slice(8 + length)).toEqual(
    Uint8Array.of(0, 0, 128, 63, 0, 0, 0, 64, 7),
  )
})
