import { canonicalise, nodeSha256 } from '@lynode/runtime'
import {
  blobRoot,
  buildAverageStep,
  buildTrainingStep,
  type DataOptions,
  dataInput,
  dtypes,
  elementCount,
  type GraphTensor,
  type LynodeClient,
  type Manifest,
  type ManifestValue,
  orderInput,
  parseOnnx,
  readManifest,
  shuffledOrder,
  type TensorDocument,
  type TrainingPlan,
  type TrainingStep,
  toCommitted,
  uploadBlob,
} from '@lynode/sdk'
import {
  type Dataset,
  openDataset,
  readShard,
  unusableDataset,
} from '../dataset/dataset.js'
import { publishModel } from '../job/publishModel.js'
import { readModel } from '../options/readModel.js'
import type { PlanFile } from './planFile.js'
import { usualSegment } from './usualSegment.js'

/** A training that can be ordered. */
export type PreparedTraining = {
  plan: TrainingPlan
  step: TrainingStep
  manifest: Manifest
  /** Of the model that averages rounds. */
  average: Manifest | undefined
  /** The forward model. */
  graph: Uint8Array
}

/**
 * Makes the step graph of a plan, publishes it, and uploads the dataset, the
 * orders of batches and the initial state. The same plan gives the same roots.
 *
 * @param server Data server that outlives the command.
 */
export async function prepareTraining(
  client: LynodeClient,
  server: string,
  plan: PlanFile,
  report: (line: string) => void,
): Promise<PreparedTraining> {
  const graph = readModel(plan.graph)
  const dataset = openDataset(plan.data.folder)
  const { batch, seed } = plan.data
  const build = (segment: number): TrainingStep =>
    buildTrainingStep({
      graph,
      loss: plan.loss,
      optimiser: plan.optimiser,
      schedule: plan.schedule,
      clip: plan.clip,
      trainable: plan.trainable,
      segment,
      data: {
        samples: dataset.samples,
        batch,
        rows: plan.milestone.segments * segment,
        stored: storedAs(graph, dataset, plan),
      },
    })
  const segment = plan.segment ?? usualSegment(build(1))
  const milestoneSteps = plan.milestone.segments * segment
  const step = build(segment)
  report('canonicalise the step graph')
  const file = new Uint8Array(await canonicalise(step.model))
  const manifest = readManifest(file, nodeSha256)
  await publishModel(client, server, file, manifest)

  const valueNamed = (name: string): ManifestValue => {
    const value = manifest.values.find((entry) => entry.name === name)
    if (value === undefined)
      throw unusableDataset(`the step graph does not read ${name}`)
    return value
  }
  const upload = async (
    name: string,
    bytes: Uint8Array,
  ): Promise<TensorDocument> => {
    const { dtype, dims, perm } = valueNamed(name).type
    const committed = new Uint8Array(toCommitted(valueNamed(name).type, bytes))
    const dataRoot = blobRoot(committed, nodeSha256)
    await uploadBlob(server, committed, { sha256: nodeSha256 })
    return { dtype, dims, perm, dataRoot }
  }

  report('upload the dataset and the state')
  const shards: Record<string, TensorDocument>[] = []
  for (let shard = 0; shard < dataset.shards; shard++) {
    const tensors: Record<string, TensorDocument> = {}
    for (const { name } of step.inputs)
      if (name !== orderInput)
        tensors[name] = await upload(
          name,
          readShard(dataset, arrayOf(plan, name), shard).data,
        )
    shards.push(tensors)
  }
  const workers = plan.rounds?.workers ?? 1
  const jobs = Math.ceil(plan.schedule.steps / milestoneSteps) * workers
  const data: Record<string, TensorDocument>[] = []
  // Jobs of a round read other rows, or other shards, one after the other.
  for (let job = 0; job < jobs; job++) {
    const turn = Math.floor(job / dataset.shards)
    const order = shuffledOrder({
      samples: dataset.samples,
      batch,
      rows: milestoneSteps,
      first: turn * milestoneSteps,
      seed: seed + (job % dataset.shards),
    })
    data.push({
      ...shards[job % dataset.shards],
      [orderInput]: await upload(orderInput, new Uint8Array(order.buffer)),
    })
  }
  const state: Record<string, TensorDocument> = {}
  for (const [name, tensor] of step.state)
    state[name] = await upload(name, tensor.bytes)
  const rounds = plan.rounds && {
    ...plan.rounds,
    ...(await publishAverage(client, server, plan.rounds, state['parameters'])),
  }
  return {
    graph,
    step,
    manifest,
    average: rounds?.manifest,
    plan: {
      modelId: manifest.modelId,
      steps: plan.schedule.steps,
      milestoneSteps,
      state,
      data,
      ...(rounds && {
        rounds: {
          workers: rounds.workers,
          quorum: rounds.quorum ?? 1,
          average: rounds.manifest.modelId,
          momentum: rounds.zero,
        },
      }),
    },
  }
}

/** The model that averages a round, and its momentum before the first. */
async function publishAverage(
  client: LynodeClient,
  server: string,
  { workers, rate, momentum }: NonNullable<PlanFile['rounds']>,
  parameters: TensorDocument | undefined,
): Promise<{ manifest: Manifest; zero: TensorDocument }> {
  if (parameters === undefined)
    throw unusableDataset('the step graph has no parameters')
  const size = elementCount(parameters.dims)
  const model = buildAverageStep({ parameters: size, workers, rate, momentum })
  const file = new Uint8Array(await canonicalise(model))
  const manifest = readManifest(file, nodeSha256)
  await publishModel(client, server, file, manifest)
  const bytes = new Uint8Array(4 * size)
  await uploadBlob(server, bytes, { sha256: nodeSha256 })
  return {
    manifest,
    zero: { ...parameters, dataRoot: blobRoot(bytes, nodeSha256) },
  }
}

/** Array of the dataset behind an input of the step. */
function arrayOf(plan: PlanFile, input: string): string {
  const name = input.slice(dataInput('').length)
  return plan.data.arrays[name] ?? name
}

/** Inputs whose arrays are bytes where the model reads numbers. */
function storedAs(
  graph: Uint8Array,
  dataset: Dataset,
  plan: PlanFile,
): NonNullable<DataOptions['stored']> {
  const stored: Record<
    string,
    { dtype: GraphTensor['dtype']; scale?: number | undefined }
  > = {}
  for (const { name, dtype } of parseOnnx(graph).inputs) {
    const array = dataset.arrays.get(arrayOf(plan, dataInput(name)))
    if (array === undefined)
      throw unusableDataset(`the dataset has no array for input ${name}`)
    if (array.dtype === dtype) continue
    stored[name] = {
      dtype: array.dtype,
      scale: array.dtype === dtypes.uint8 ? plan.data.scale : undefined,
    }
  }
  return stored
}
