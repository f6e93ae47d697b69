import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  BlobStore,
  canonicalise,
  type LoadedModel,
  nodeSha256,
  type Runner,
  type StepResult,
  stepInputs,
  traceStep,
} from '@lynode/runtime'
import {
  buildAverageStep,
  buildTrainingStep,
  dataInput,
  dtypes,
  elementCount,
  encodeOnnx,
  endsSegment,
  type GraphNode,
  type InputsDocument,
  inputRootOf,
  type Manifest,
  orderInput,
  parseOnnx,
  type ResultDocument,
  readManifest,
  resultRootOf,
  segmentOf,
  shuffledOrder,
  statesTrees,
  type TensorDocument,
  TrainingState,
  toCommitted,
  traceModel,
  traceRootOf,
  weightReader,
} from '@lynode/sdk'
import { buildModel, floats } from '../../../sdk/src/onnx/buildModel.js'
import type { Scenario } from '../../../sdk/src/vectors/scenarios.js'

/** Steps of a segment. */
export const segment = 4
const [samples, batch, width, hidden, classes] = [16, 4, 8, 6, 3]

/** What a provider does wrong in one step. */
export type TrainingCheat = {
  step: number
  /** Adds to the result of the node that this picks, everything behind it follows. */
  alter?: {
    node(node: GraphNode, weights: Graph['weights']): boolean
    by: number
  }
  /** Begins the step with other parameters: those before the first step. */
  stale?: boolean
  /** Commits to other parameters than the step gave: zeros. */
  swap?: boolean
}

type Graph = ReturnType<typeof parseOnnx>

/** The node with a result of this name. */
export function resultNamed(name: string) {
  return ({ outputs }: GraphNode) => outputs.includes(name)
}

/** Inside of the bounds, as another machine's rounding would be (A7). */
export const nudge = (step: number): TrainingCheat => ({
  step,
  alter: { node: ({ operator }) => operator === 'Gemm', by: 2 ** -25 },
})

/** A training of a tiny network by the runtime itself, honest or not, with all its bytes. */
export async function trainedScenario(
  runner: Runner,
  folder: string,
  cheats: readonly TrainingCheat[] = [],
  /** Of the dataset. */
  seed = 3,
  segments = 2,
): Promise<Scenario> {
  const steps = segments * segment
  const step = buildTrainingStep({
    graph: network(),
    loss: { kind: 'softmaxCrossEntropy', logits: 'logits' },
    optimiser: { kind: 'adam' },
    schedule: { rate: 0.05, steps, warmUp: 2 },
    clip: 1,
    segment,
    data: { samples, batch, rows: steps },
  })
  const file = await canonicalise(step.model, { runner })
  const order = shuffledOrder({
    samples,
    batch,
    first: 0,
    rows: steps,
    seed: 1,
  })
  return execute(runner, folder, file, steps, cheats, {
    ...Object.fromEntries(
      [...step.state].map(([name, { bytes }]) => [name, bytes]),
    ),
    [orderInput]: bytesOf(order),
    [dataInput('x')]: bytesOf(pattern(samples * width, seed)),
    [dataInput('labels')]: bytesOf(
      Int32Array.from({ length: samples }, (_, i) => i % classes),
    ),
  })
}

/** The average of a round of two workers. */
export async function averageScenario(
  runner: Runner,
  folder: string,
  cheats: readonly TrainingCheat[] = [],
): Promise<Scenario> {
  const size = 300
  const file = await canonicalise(
    buildAverageStep({ parameters: size, workers: 2 }),
    { runner },
  )
  return execute(runner, folder, file, 1, cheats, {
    parameters: bytesOf(pattern(size, 1)),
    momentum: bytesOf(pattern(size, 2)),
    share: bytesOf(Float32Array.of(0.5, 0.5)),
    worker_0: bytesOf(pattern(size, 3)),
    worker_1: bytesOf(pattern(size, 4)),
  })
}

function network(): Uint8Array {
  return buildModel({
    opset: 17,
    inputs: { x: [batch, width] },
    outputs: ['logits'],
    weights: {
      w1: floats([width, hidden], [...pattern(width * hidden, 5)]),
      b1: floats([hidden], [...pattern(hidden, 6)]),
      w2: floats([hidden, classes], [...pattern(hidden * classes, 7)]),
    },
    nodes: [
      ['Gemm', ['x', 'w1', 'b1'], ['h']],
      ['Relu', ['h'], ['r']],
      ['Gemm', ['r', 'w2'], ['logits']],
    ],
  })
}

async function execute(
  runner: Runner,
  folder: string,
  file: Uint8Array,
  count: number,
  cheats: readonly TrainingCheat[],
  feeds: Readonly<Record<string, Uint8Array>>,
): Promise<Scenario> {
  const manifest = readManifest(file, nodeSha256)
  const blobs = new BlobStore(join(folder, 'blobs'))
  const given: Record<string, TensorDocument> = {}
  for (const value of manifest.values)
    if (value.kind === 'input') {
      const bytes = feeds[value.name]
      if (bytes === undefined) throw new Error(`nothing for ${value.name}`)
      given[value.name] = await put(blobs, value.type, bytes)
    }
  const inputs = new TrainingState(
    {
      modelId: manifest.modelId,
      steps: count,
      milestoneSteps: count,
      state: given,
      data: [given],
    },
    manifest,
    undefined,
  ).inputs(0)

  const honest = loaded(folder, 'honest', manifest, file, file)
  const ran: Awaited<ReturnType<typeof traceStep>>[] = []
  for (let t = 0; t < count; t++) {
    const cheat = cheats.find((one) => one.step === t)
    const altered =
      cheat?.alter &&
      loaded(folder, `altered-${t}`, manifest, file, alter(file, cheat.alter))
    const operands = stepInputs(manifest, inputs, t, ran.at(-1)?.result)
    const traced = await traceStep({
      runner,
      model: altered ?? honest,
      inputs: operands.map((input) =>
        cheat?.stale === true && input.name === 'parameters'
          ? { ...input, tensor: given['parameters'] ?? input.tensor }
          : input,
      ),
      reader: blobs,
      spool: blobs.folder,
    })
    const swapped = manifest.values.find(
      ({ name }) => name === 'parameters_next',
    )
    if (cheat?.swap === true && swapped?.kind === 'output') {
      const zeros = new Uint8Array(4 * elementCount(swapped.type.dims))
      const carried = [...traced.result.carried]
      carried[swapped.slot] = await put(blobs, swapped.type, zeros)
      traced.result = { ...traced.result, carried }
    }
    ran.push(traced)
  }
  return scenarioOf(manifest, file, inputs, ran, blobs)
}

function scenarioOf(
  manifest: Manifest,
  file: Uint8Array,
  inputs: InputsDocument,
  ran: readonly Pick<
    Awaited<ReturnType<typeof traceStep>>,
    'result' | 'trace'
  >[],
  blobs: BlobStore,
): Scenario {
  const { segment } = manifest.header
  const count = ran.length
  const result: ResultDocument = {
    kind: 'result',
    segment,
    steps: ran.map(({ result: { carried, outputs } }, t) => ({
      carried: endsSegment(t, segment, count) ? carried : [],
      outputs,
    })),
  }
  const commitments: Scenario['commitments'] = (step) => {
    const { first, length } = segmentOf(step, segment, count)
    return {
      inputs,
      result,
      trace: ran[step]?.trace,
      states: {
        kind: 'states',
        steps: ran
          .slice(first, first + length)
          .map((one) => one.result.carried),
      },
    }
  }
  const weights = weightReader(file, manifest)
  return {
    file,
    manifest,
    steps: count,
    commitments,
    roots: (step) => {
      const { trace, states } = commitments(step)
      return {
        modelId: manifest.modelId,
        steps: count,
        inputRoot: inputRootOf(inputs),
        resultRoot: resultRootOf(result),
        traceRoot: traceRootOf(trace!),
        statesRoot: statesTrees(states!).root.root,
      }
    },
    committed: (step, value) => {
      const weight = weights(value)
      if (weight !== undefined) return weight
      const entry = manifest.values[value]!
      const before = ran[step - 1]?.result as StepResult
      const tensor = {
        input: () =>
          stepInputs(manifest, inputs, step, before).find(
            (input) => input.value === value,
          )?.tensor,
        activation: () =>
          entry.kind === 'activation'
            ? ran[step]?.trace.tensors[entry.traceIndex]
            : undefined,
        output: () =>
          entry.kind === 'output'
            ? ran[step]?.result[entry.carried ? 'carried' : 'outputs'][
                entry.slot
              ]
            : undefined,
      }[entry.kind as 'input' | 'activation' | 'output']()
      return new Uint8Array(readFileSync(blobs.pathOf(tensor!.dataRoot)))
    },
  }
}

/** The graph with a number added to one result. */
function alter(
  file: Uint8Array,
  { node: picked, by }: NonNullable<TrainingCheat['alter']>,
): Uint8Array {
  const graph = parseOnnx(file)
  const target = graph.nodes.find((node) => picked(node, graph.weights))
  const [output = ''] = target?.outputs ?? []
  const dtype = graph.declared.get(output)?.dtype ?? dtypes.float32
  const content =
    dtype === dtypes.int32 ? Int32Array.of(by) : Float32Array.of(by)
  return encodeOnnx({
    ...graph,
    weights: new Map(graph.weights).set('alteration', {
      dtype,
      dims: [1],
      bytes: bytesOf(content),
    }),
    nodes: graph.nodes.flatMap((node) =>
      node === target
        ? [
            { ...node, outputs: ['unaltered'] },
            {
              name: 'alteration',
              operator: 'Add',
              domain: '',
              inputs: ['unaltered', 'alteration'],
              outputs: [output],
              attributes: new Map(),
            },
          ]
        : [node],
    ),
  })
}

function loaded(
  folder: string,
  name: string,
  manifest: Manifest,
  file: Uint8Array,
  executed: Uint8Array,
): LoadedModel {
  const path = join(folder, `${name}.onnx`)
  const traced = join(folder, `${name}-traced.onnx`)
  writeFileSync(path, file)
  writeFileSync(traced, traceModel(executed, manifest))
  return { manifest, path, tracedPath: async () => traced } as LoadedModel
}

async function put(
  blobs: BlobStore,
  type: Manifest['values'][number]['type'],
  bytes: Uint8Array,
): Promise<TensorDocument> {
  const { dtype, dims, perm } = type
  const dataRoot = await blobs.put(new Uint8Array(toCommitted(type, bytes)))
  return { dtype, dims, perm, dataRoot }
}

/** Small numbers without a pattern that anything would notice. */
function pattern(count: number, seed: number): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, i) => (((i + 1) * 7_919 + seed * 104_729) % 33) / 32 - 0.5,
  )
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
