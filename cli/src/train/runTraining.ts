import { nodeSha256 } from '@lynode/runtime'
import {
  byteLength,
  dtypes,
  formatAmount,
  fundRequester,
  type LynodeClient,
  makeOrder,
  type ResultDocument,
  sendOrder,
  signOrder,
  type TensorDocument,
  type TrainingEvent,
  toLogical,
  train,
  uploadBlob,
  uploadDocument,
} from '@lynode/sdk'

import type { DataAccess } from '../job/openData.js'

import { evaluate } from './evaluate.js'
import type { PlanFile } from './planFile.js'
import { type PreparedTraining, prepareTraining } from './prepareTraining.js'
import { TrainingFolder } from './trainingFolder.js'

/** What a training says while it goes on, for people and for programs. */
export type TrainingProgress = {
  event: TrainingEvent['type'] | 'prepared'
  milestone?: number | undefined
  attempt?: number | undefined
  milestones?: number | undefined
  step?: number | undefined
  jobId?: string | undefined
  resumed?: boolean | undefined
  modelId?: string | undefined
  providerId?: number | undefined
  outcome?: string | undefined
  /** Mean loss of the milestone, and of its last step. */
  loss?: number | undefined
  lastLoss?: number | undefined
  stepsPerSecond?: number | undefined
  accuracy?: number | undefined
  samples?: number | undefined
  /** LYN spent so far, and at most to come. */
  spent?: bigint | undefined
  ahead?: bigint | undefined
  checkpoint?: string | undefined
  model?: string | undefined
  curve?: string | undefined
}

export type RunTrainingOptions = {
  client: LynodeClient
  data: DataAccess
  relays: readonly string[]
  plan: PlanFile
  report(progress: TrainingProgress): void
  log(line: string): void
  /** Ends it at the next milestone. */
  signal?: AbortSignal | undefined
}

/** How a training ended. */
export type TrainingOutcome = {
  steps: number
  spent: bigint
  loss: number
  accuracy: number | undefined
  providers: number[]
  convicted: number[]
  model: string | undefined
  checkpoint: string | undefined
  curve: string
}

/**
 * Prepares a plan, buys its milestones one by one, and keeps checkpoints,
 * scalars and the trained model in the plan's folder.
 */
export async function runTraining(
  options: RunTrainingOptions,
): Promise<TrainingOutcome> {
  const { client, data, relays, plan, report, log, signal } = options
  const prepared = await prepareTraining(client, data.server, plan, log)
  const { manifest } = prepared
  const folder = new TrainingFolder(plan.out)
  const milestones = Math.ceil(
    plan.schedule.steps / prepared.plan.milestoneSteps,
  )
  report({
    event: 'prepared',
    modelId: manifest.modelId,
    milestones,
    step: 0,
    ahead: plan.maxPrice * BigInt(milestones),
  })
  const outcome: TrainingOutcome = {
    steps: 0,
    spent: 0n,
    loss: Number.NaN,
    accuracy: undefined,
    providers: [],
    convicted: [],
    model: undefined,
    checkpoint: undefined,
    curve: `${folder.folder}/loss.svg`,
  }
  let lockedAt = performance.now()
  const events = train(client, {
    plan: prepared.plan,
    manifest,
    sha256: nodeSha256,
    attempts: plan.order.attempts,
    record: folder,
    signal,
    async makeOrder({ inputRoot, steps, nonce }) {
      const order = await makeOrder(client, {
        modelId: manifest.modelId,
        class: manifest.class,
        inputRoot,
        maxPrice: plan.maxPrice,
        deliverDuration: plan.order.deliverSeconds,
        steps,
        nonce,
      })
      await fundRequester(client, order.maxTotal, log)
      const { signature } = await signOrder(client, { order })
      return { order, signature }
    },
    sendOrder: (signed) =>
      sendOrder(client, relays, { ...signed, report: log }),
    data: {
      putDocument: (document) =>
        uploadDocument(data.server, document, { sha256: nodeSha256 }),
      getDocument: (root, endpoint) =>
        data.client.fetchDocument(root, endpoint === '' ? [] : [endpoint]),
    },
  })
  for await (const event of events) {
    switch (event.type) {
      case 'ordered':
        report({ event: 'ordered', ...pick(event) })
        break
      case 'locked':
        lockedAt = performance.now()
        report({
          event: 'locked',
          milestone: event.milestone,
          providerId: event.providerId,
        })
        break
      case 'delivered': {
        const { milestone, providerId, endpoint, result } = event
        const losses = await lossesOf(data, prepared, result, endpoint)
        const seconds = (performance.now() - lockedAt) / 1_000
        report({
          event: 'delivered',
          milestone,
          providerId,
          loss: mean(losses),
          lastLoss: losses.at(-1),
          stepsPerSecond: losses.length / seconds,
        })
        break
      }
      case 'accepted': {
        const { milestone, providerId, step, endpoint, result, price } = event
        const losses = await lossesOf(data, prepared, result, endpoint)
        const first = step - losses.length
        await folder.addScalars(
          losses.map((value, i) => ({
            step: first + i + 1,
            tag: 'loss',
            value,
          })),
        )
        const values = await keepState(data, prepared, event)
        const saved = await folder.saveCheckpoint(prepared, step, values)
        outcome.spent += price
        outcome.steps = step
        outcome.loss = mean(losses)
        outcome.providers.push(providerId)
        outcome.model = saved.model
        outcome.checkpoint = saved.safetensors
        const due =
          plan.evaluate !== undefined &&
          ((milestone + 1) % plan.evaluate.every === 0 ||
            milestone + 1 === milestones)
        const shown = due ? await evaluate(prepared, plan, values) : undefined
        if (shown !== undefined) {
          outcome.accuracy = shown.accuracy
          await folder.addScalars([
            { step, tag: 'accuracy', value: shown.accuracy },
          ])
        }
        report({
          event: 'accepted',
          milestone,
          milestones,
          providerId,
          step,
          loss: outcome.loss,
          lastLoss: losses.at(-1),
          accuracy: shown?.accuracy,
          samples: shown?.samples,
          spent: outcome.spent,
          ahead: plan.maxPrice * BigInt(milestones - milestone - 1),
          checkpoint: saved.safetensors,
          model: saved.model,
          curve: outcome.curve,
        })
        break
      }
      case 'rejected':
        if (event.outcome === 'convicted')
          outcome.convicted.push(event.providerId)
        report({ event: 'rejected', ...pick(event), outcome: event.outcome })
        break
      default:
        report({ event: event.type, step: event.step })
    }
  }
  return outcome
}

/** One line about it. */
export function describeProgress(progress: TrainingProgress): string {
  const { event, milestone = 0, milestones = 0, providerId, step } = progress
  const at = `milestone ${milestone + 1}`
  switch (event) {
    case 'prepared':
      return `model ${progress.modelId?.slice(0, 10)}: ${milestones} milestone(s), at most ${formatAmount(progress.ahead ?? 0n)}`
    case 'ordered':
      return `${at}: job ${progress.jobId?.slice(0, 10)} ${progress.resumed ? 'resumed' : 'ordered'}`
    case 'locked':
      return `${at}: provider ${providerId} computes`
    case 'delivered':
      return `${at}: delivered by provider ${providerId}, loss ${progress.loss?.toFixed(4)}, ${progress.stepsPerSecond?.toFixed(0)} steps/s`
    case 'accepted':
      return `${at} of ${milestones}: accepted at step ${step}, loss ${progress.lastLoss?.toFixed(4)}${progress.accuracy === undefined ? '' : `, accuracy ${(100 * progress.accuracy).toFixed(1)}%`}, spent ${formatAmount(progress.spent ?? 0n)}, at most ${formatAmount(progress.ahead ?? 0n)} to come`
    case 'rejected':
      return `${at}: provider ${providerId} was ${progress.outcome}; it goes on from the last checkpoint`
    case 'stopped':
      return `stopped at step ${step}: run the command again to go on`
    case 'finished':
      return `finished at step ${step}`
  }
}

function pick(event: {
  milestone: number
  attempt: number
  jobId?: string
  providerId?: number
  resumed?: boolean
}) {
  const { milestone, attempt, jobId, providerId, resumed } = event
  return { milestone, attempt, jobId, providerId, resumed }
}

/** The loss of each step of a result. */
async function lossesOf(
  data: DataAccess,
  { manifest }: PreparedTraining,
  result: ResultDocument,
  endpoint: string,
): Promise<number[]> {
  const value = manifest.values.find(
    ({ name, kind }) => kind === 'output' && name === 'loss',
  )
  if (value?.kind !== 'output' || value.type.dtype !== dtypes.float32) return []
  const { slot } = value
  return Promise.all(
    result.steps.map(async ({ outputs }) => {
      const tensor = outputs[slot]
      if (tensor === undefined) return Number.NaN
      const bytes = await fetchTensor(data, tensor, endpoint)
      return new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true)
    }),
  )
}

/** Fetches what the milestone carried and puts it where the next provider finds it. */
async function keepState(
  data: DataAccess,
  { manifest }: PreparedTraining,
  event: Extract<TrainingEvent, { type: 'accepted' }>,
): Promise<Uint8Array> {
  let values = new Uint8Array()
  for (const value of manifest.values) {
    if (value.kind !== 'output' || !value.carried) continue
    const tensor = event.checkpoint[value.slot]
    if (tensor === undefined) continue
    const bytes = await fetchTensor(data, tensor, event.endpoint)
    await uploadBlob(data.server, new Uint8Array(bytes), { sha256: nodeSha256 })
    if (value.name === 'parameters_next')
      values = new Uint8Array(toLogical(value.type, bytes))
  }
  return values
}

async function fetchTensor(
  data: DataAccess,
  tensor: TensorDocument,
  endpoint: string,
): Promise<Uint8Array> {
  await data.client.fetchBlob(
    tensor.dataRoot,
    byteLength(tensor),
    endpoint === '' ? [] : [endpoint],
  )
  return data.blobs.read(tensor.dataRoot)
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length
}
