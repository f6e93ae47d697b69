import { expect, test } from 'vitest'
import type { ResultDocument, TensorDocument } from '../job/documents.js'
import { finishModel } from '../model/finishModel.js'
import { prepareModel } from '../model/prepareModel.js'
import { readManifest } from '../model/readManifest.js'
import { parseOnnx } from '../onnx/parseOnnx.js'
import { blobRoot } from '../tree/blobRoot.js'
import { carriedScenario } from '../vectors/scenarios.js'
import { buildAverageStep, workerInput } from './buildAverageStep.js'
import { evaluate, wide } from './evaluate.test.support.js'
import type { TrainingPlan } from './trainingPlan.js'
import { TrainingState } from './trainingState.js'

test('default: the average moves by the outer rate along what the workers moved, and further by momentum', () => {
  const graph = parseOnnx(
    buildAverageStep({ parameters: 3, workers: 2, rate: 0.5, momentum: 0.25 }),
  )
  const run = (share: number[], momentum: number[]) =>
    evaluate(
      graph,
      new Map([
        ['parameters', wide([3], [1, 2, 3])],
        ['momentum', wide([3], momentum)],
        ['share', wide([2], share)],
        [workerInput(0), wide([3], [0, 2, 3])],
        [workerInput(1), wide([3], [0, 0, 3])],
      ]),
    )
  // Moved: 1, 1, 0. Velocity: the same. Step: 0.5 x (moved + velocity / 4).
  const first = run([0.5, 0.5], [0, 0, 0])
  expect([...first.get('momentum_next')!.data]).toEqual([1, 1, 0])
  expect([...first.get('parameters_next')!.data]).toEqual([0.375, 1.375, 3])
  // The second worker is missing, and there was momentum before.
  const second = run([1, 0], [4, 0, 2])
  expect([...second.get('momentum_next')!.data]).toEqual([2, 0, 0.5])
  expect([...second.get('parameters_next')!.data]).toEqual([0.25, 2, 2.9375])
})

test('error: a round without workers, or an outer step that is none', () => {
  const refused = expect.objectContaining({ code: 'LY-TRN-002' })
  for (const options of [
    { workers: 0 },
    { workers: 65 },
    { workers: 2, rate: 0 },
    { workers: 2, momentum: 1 },
  ])
    expect(() => buildAverageStep({ parameters: 3, ...options })).toThrow(
      refused,
    )
})

// The state of the carried model stands for the parameters.
const { manifest: carried, commitments } = carriedScenario()
const manifest = {
  ...carried,
  values: carried.values.map((value) => ({
    ...value,
    name:
      { state: 'parameters', next: 'parameters_next' }[value.name] ??
      value.name,
  })),
}
const average = readManifest(
  finishModel(prepareModel(buildAverageStep({ parameters: 6, workers: 3 }))),
)
const [first] = commitments(0).inputs.steps
const tensor = (at: number): TensorDocument => first![at]!
const plan: TrainingPlan = {
  modelId: manifest.modelId,
  steps: 4,
  milestoneSteps: 2,
  state: { parameters: tensor(1) },
  data: [
    { x: tensor(0), bias: tensor(2) },
    { x: tensor(2), bias: tensor(2) },
    { x: tensor(1), bias: tensor(2) },
  ],
  rounds: { workers: 3, average: average.modelId, momentum: tensor(1) },
}

/** A result whose worker ended with this tensor. */
function ended(with_: TensorDocument): ResultDocument {
  return {
    kind: 'result',
    segment: 1,
    steps: [0, 1].map(() => ({ carried: [with_], outputs: [with_] })),
  }
}

function named(name: string): TensorDocument {
  return {
    ...tensor(1),
    dataRoot: blobRoot(new TextEncoder().encode(name)),
  }
}

test('behavior: inputs of a round follow from roots; a missing worker counts for nothing', () => {
  const state = new TrainingState(plan, manifest, { manifest: average })
  expect(state.inputs(1).steps[0]).toEqual([tensor(2), tensor(1), tensor(2)])
  state.accept(0, ended(named('a')))
  state.accept(2, ended(named('c')))

  const { inputs, share } = state.averageInputs()
  expect([...new Float32Array(share.buffer)]).toEqual([0.5, 0, 0.5])
  const given = new Map(
    average.values.flatMap((value) =>
      value.kind === 'input'
        ? [[value.name, inputs.steps[0]![value.slot]!.dataRoot] as const]
        : [],
    ),
  )
  expect(given).toEqual(
    new Map([
      ['parameters', tensor(1).dataRoot],
      ['momentum', tensor(1).dataRoot],
      ['share', blobRoot(share)],
      [workerInput(0), named('a').dataRoot],
      [workerInput(1), tensor(1).dataRoot],
      [workerInput(2), named('c').dataRoot],
    ]),
  )

  state.averaged({
    kind: 'result',
    segment: 1,
    steps: [{ carried: [], outputs: [named('mean'), named('momentum')] }],
  })
  // Everybody begins with the average, also who was left out.
  for (const slot of [0, 1, 2])
    expect(state.inputs(slot).steps[0]![1]).toEqual(named('mean'))
  expect(state.accepted).toBe(0)
})

test('error: a plan with rounds and no model that averages, and the other way round', () => {
  const refused = expect.objectContaining({ code: 'LY-TRN-002' })
  expect(() => new TrainingState(plan, manifest, undefined)).toThrow(refused)
  const { rounds: _, ...single } = plan
  expect(
    () => new TrainingState(single, manifest, { manifest: average }),
  ).toThrow(refused)
})
