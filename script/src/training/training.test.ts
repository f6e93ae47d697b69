import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  BlobStore,
  canonicalise,
  type LoadedModel,
  nodeSha256,
  Runner,
  replaySegment,
  runJob,
  stateBefore,
  stepInputs,
  traceStep,
} from '@lynode/runtime'
import {
  buildTrainingStep,
  dataInput,
  type InputsDocument,
  type Manifest,
  orderInput,
  readManifest,
  resultRootOf,
  shuffledOrder,
  statesTrees,
  type TensorDocument,
  TrainingState,
  type TrainingStepOptions,
  toCommitted,
  traceModel,
} from '@lynode/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { digits } from './digits.js'
import { trainingModels } from './models.js'

let runner: Runner
let folder: string
let blobs: BlobStore
beforeAll(() => {
  runner = new Runner()
  folder = mkdtempSync(join(tmpdir(), 'lynode-train-test-'))
  blobs = new BlobStore(join(folder, 'blobs'))
})
afterAll(async () => {
  await runner.close()
  rmSync(folder, { recursive: true, force: true })
})

type Prepared = { model: LoadedModel; inputs: InputsDocument }

/** A step graph as a provider loads it, and the inputs of a job of so many steps. */
async function prepare(
  name: keyof typeof trainingModels,
  batch: number,
  steps: number,
  options: Pick<TrainingStepOptions, 'optimiser' | 'segment' | 'trainable'>,
  arrays: ReadonlyMap<string, Uint8Array>,
  samples: number,
  stored: NonNullable<TrainingStepOptions['data']>['stored'],
): Promise<Prepared> {
  const step = buildTrainingStep({
    graph: trainingModels[name](batch),
    loss: { kind: 'softmaxCrossEntropy', logits: 'logits' },
    schedule: { rate: 0.002, steps: 400, warmUp: 10 },
    clip: 5,
    data: { samples, batch, rows: steps, stored },
    ...options,
  })
  const file = await canonicalise(step.model, { runner })
  const manifest = readManifest(file, nodeSha256)
  const path = join(folder, `${name}.onnx`)
  const traced = join(folder, `${name}-traced.onnx`)
  await writeFile(path, file)
  await writeFile(traced, traceModel(file, manifest))
  const order = shuffledOrder({
    samples,
    batch,
    first: 0,
    rows: steps,
    seed: 1,
  })
  const bytes = new Map<string, Uint8Array>([
    ...[...arrays].map(([key, value]) => [dataInput(key), value] as const),
    [orderInput, new Uint8Array(order.buffer)],
    ...[...step.state].map(([key, value]) => [key, value.bytes] as const),
  ])
  const documents: Record<string, TensorDocument> = {}
  for (const { name: input, type, kind } of manifest.values)
    if (kind === 'input') {
      const given = bytes.get(input)
      if (given === undefined) throw new Error(`nothing for ${input}`)
      const { dtype, dims, perm } = type
      const dataRoot = await blobs.put(new Uint8Array(toCommitted(type, given)))
      documents[input] = { dtype, dims, perm, dataRoot }
    }
  const segment = manifest.header.segment
  const inputs = new TrainingState(
    {
      modelId: manifest.modelId,
      steps,
      milestoneSteps: Math.ceil(steps / segment) * segment,
      state: documents,
      data: [documents],
    },
    manifest,
    undefined,
  ).inputs(0)
  return { model: loaded(manifest, path, traced), inputs }
}

function loaded(manifest: Manifest, path: string, traced: string): LoadedModel {
  return { manifest, path, tracedPath: async () => traced } as LoadedModel
}

async function losses(
  steps: readonly { outputs: readonly TensorDocument[] }[],
): Promise<number[]> {
  return Promise.all(
    steps.map(async ({ outputs: [loss] }) => {
      if (loss === undefined) throw new Error('no loss')
      const bytes = await blobs.read(loss.dataRoot)
      return new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true)
    }),
  )
}

const mean = (values: readonly number[]) =>
  values.reduce((total, value) => total + value, 0) / values.length

function digitArrays(count: number) {
  const read = digits(0, count)
  return new Map([...read].map(([name, { data }]) => [name, data] as const))
}

/** Text whose next character follows from the one before. */
function textArrays(samples: number) {
  const tokens = Int32Array.from({ length: samples * 32 }, (_, i) => {
    const [row, place] = [Math.floor(i / 32), i % 32]
    return (row * 7 + place * 3) % 64
  })
  const labels = tokens.map((token) => (token + 3) % 64)
  return new Map([
    ['tokens', new Uint8Array(tokens.buffer)],
    ['labels', new Uint8Array(labels.buffer)],
  ])
}

const bytesOfPixels = { x: { dtype: 2 as const, scale: 1 / 255 } }

describe.each([
  [
    'mlp',
    () =>
      prepare(
        'mlp',
        64,
        200,
        { optimiser: { kind: 'adam' }, segment: 64 },
        digitArrays(40),
        400,
        bytesOfPixels,
      ),
    200,
  ],
  [
    'convNet',
    () =>
      prepare(
        'convNet',
        16,
        12,
        { optimiser: { kind: 'sgd', momentum: 0.9 }, segment: 4 },
        digitArrays(10),
        100,
        { x: { dtype: 2, scale: 1 / 255 } },
      ),
    12,
  ],
  [
    'transformer',
    () =>
      prepare(
        'transformer',
        8,
        20,
        {
          optimiser: { kind: 'adam' },
          segment: 8,
          trainable: trainingParameters,
        },
        textArrays(64),
        64,
        {},
      ),
    20,
  ],
] as const)('%s', (name, make, steps) => {
  let prepared: Prepared
  beforeAll(async () => {
    prepared = await make()
  }, 60_000)

  test(`default: ${steps} carried steps twice give one root, and the loss falls`, async () => {
    const run = () =>
      runJob({ runner, ...prepared, reader: blobs, spool: blobs.folder })
    const first = await run()
    const second = await run()
    expect(resultRootOf(second.result, nodeSha256)).toBe(
      resultRootOf(first.result, nodeSha256),
    )
    const values = await losses(first.result.steps)
    const part = Math.max(1, Math.floor(steps / 5))
    expect(mean(values.slice(-part))).toBeLessThan(mean(values.slice(0, part)))
    if (name === 'mlp') expect(mean(values.slice(-part))).toBeLessThan(0.5)
  }, 60_000)

  test('behavior: a traced step in the middle of a segment gives the bits of the replay', async () => {
    const { model, inputs } = prepared
    const { segment } = model.manifest.header
    const { result } = await runJob({
      runner,
      ...prepared,
      inputs: { ...inputs, steps: inputs.steps.slice(0, segment) },
      reader: blobs,
      spool: blobs.folder,
    })
    const { states, steps: replayed } = await replaySegment({
      runner,
      ...prepared,
      inputs: { ...inputs, steps: inputs.steps.slice(0, segment) },
      result,
      step: 0,
      reader: blobs,
      spool: blobs.folder,
    })
    expect(states.steps.at(-1)).toEqual(result.steps.at(-1)?.carried)
    expect(statesTrees(states, nodeSha256).steps).toHaveLength(segment)
    const middle = Math.floor(segment / 2)
    const traced = await traceStep({
      runner,
      model,
      inputs: stepInputs(
        model.manifest,
        inputs,
        middle,
        stateBefore(result, states, middle),
      ),
      reader: blobs,
      spool: blobs.folder,
    })
    expect(traced.result).toEqual(replayed[middle])
    expect(traced.trace.tensors).toHaveLength(model.manifest.header.activations)
  }, 60_000)
})

function trainingParameters(name: string): boolean {
  return name !== 'mask'
}
