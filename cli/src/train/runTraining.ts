import { nodeSha256 } from '@lynode/runtime'
import {
  byteLength,
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
  workersOf,
} from '@lynode/sdk'

import type { DataAccess } from '../job/openData.js'

import { evaluate } from './evaluate.js'
import { lossesOf, type StepLoss } from './lossesOf.js'
import type { PlanFile } from './planFile.js'
import { type PreparedTraining, prepareTraining } from './prepareTraining.js'
import { TrainingFolder } from './trainingFolder.js'

/** What a training says while it goes on, for people and for programs. */
export type TrainingProgress = {
  event: TrainingEvent['type'] | 'prepared'
  milestone?: number | undefined
  /** Which worker of a round; the average is the one behind the last. */
  slot?: number | undefined
  attempt?: number | undefined
  milestones?: number | undefined
  step?: number | undefined
  jobId?: string | undefined
  resumed?: boolean | undefined
  modelId?: string | undefined
  providerId?: number | undefined
  outcome?: string | undefined
  /** Workers that an average counts. */
  workers?: number | undefined
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
  const workers = workersOf(prepared.plan)
  // With rounds each milestone is one job more: the average.
  const jobs = milestones * (prepared.average === undefined ? 1 : workers + 1)
  report({
    event: 'prepared',
    modelId: manifest.modelId,
    milestones,
    step: 0,
    ahead: plan.maxPrice * BigInt(jobs),
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
  const lockedAt = new Map<number, number>()
  const round: StepLoss[][] = []
  let bought = 0
  const events = train(client, {
    plan: prepared.plan,
    manifest,
    average: prepared.average,
    sha256: nodeSha256,
    attempts: plan.order.attempts,
    record: folder,
    signal,
    async makeOrder({ modelId, inputRoot, steps, nonce }) {
      const order = await makeOrder(client, {
        modelId,
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
      putBlob: (bytes) =>
        uploadBlob(data.server, bytes, { sha256: nodeSha256 }),
      putDocument: (document) =>
        uploadDocument(data.server, document, { sha256: nodeSha256 }),
      getDocument: (root, endpoint) =>
        data.client.fetchDocument(root, endpoint === '' ? [] : [endpoint]),
    },
  })

  /** Of a worker's job; an average has none. */
  const lossesAt = async (
    slot: number,
    result: ResultDocument,
    endpoint: string,
  ): Promise<StepLoss[] | undefined> =>
    slot < workers
      ? lossesOf(prepared.manifest, result, (tensor) =>
          fetchTensor(data, tensor, endpoint),
        )
      : undefined

  /** A milestone is done: keeps it, and evaluates it when that is due. */
  const finish = async (
    milestone: number,
    step: number,
    values: Uint8Array,
    shown: TrainingProgress,
  ): Promise<void> => {
    const losses = meanOfEach(round)
    round.length = 0
    await folder.addScalars(
      losses.map(({ ahead, value }) => ({
        step: step - ahead,
        tag: 'loss',
        value,
      })),
    )
    const saved = await folder.saveCheckpoint(prepared, step, values)
    outcome.steps = step
    outcome.loss = meanOf(losses)
    outcome.model = saved.model
    outcome.checkpoint = saved.safetensors
    const due =
      plan.evaluate !== undefined &&
      ((milestone + 1) % plan.evaluate.every === 0 ||
        milestone + 1 === milestones)
    const seen = due ? await evaluate(prepared, plan, values) : undefined
    if (seen !== undefined) {
      outcome.accuracy = seen.accuracy
      await folder.addScalars([{ step, tag: 'accuracy', value: seen.accuracy }])
    }
    report({
      ...shown,
      milestone,
      milestones,
      step,
      loss: outcome.loss,
      lastLoss: losses.at(-1)?.value,
      accuracy: seen?.accuracy,
      samples: seen?.samples,
      spent: outcome.spent,
      ahead: plan.maxPrice * BigInt(jobs - bought),
      checkpoint: saved.safetensors,
      model: saved.model,
      curve: outcome.curve,
    })
  }

  for await (const event of events) {
    switch (event.type) {
      case 'ordered':
        report({ event: 'ordered', ...pick(event) })
        break
      case 'locked':
        lockedAt.set(event.slot, performance.now())
        report({ event: 'locked', ...pick(event) })
        break
      case 'delivered': {
        const { slot, endpoint, result } = event
        // Only to be shown: what cannot be had now is fetched again later.
        const losses = await lossesAt(slot, result, endpoint).catch(
          () => undefined,
        )
        const since = lockedAt.get(slot)
        report({
          event: 'delivered',
          ...pick(event),
          loss: losses && meanOf(losses),
          lastLoss: losses?.at(-1)?.value,
          stepsPerSecond:
            since === undefined
              ? undefined
              : (1_000 * result.steps.length) / (performance.now() - since),
        })
        break
      }
      case 'accepted': {
        const { milestone, slot, step, endpoint, result, price } = event
        const losses = await lossesAt(slot, result, endpoint)
        outcome.spent += price
        outcome.providers.push(event.providerId)
        bought++
        // Whoever checks the plan, or goes on with it, finds what it rests on.
        await uploadDocument(data.server, result, { sha256: nodeSha256 })
        if (losses !== undefined) round[slot] = losses
        const values = await keepState(data, prepared, event)
        if (prepared.average === undefined)
          await finish(milestone, step, values, {
            event: 'accepted',
            ...pick(event),
          })
        else report({ event: 'accepted', ...pick(event), step })
        break
      }
      case 'averaged': {
        const { milestone, step, endpoint, parameters, momentum } = event
        const values = await keepTensor(data, parameters, endpoint)
        await keepTensor(data, momentum, endpoint)
        await finish(milestone, step, values, {
          event: 'averaged',
          workers: event.workers,
        })
        break
      }
      case 'rejected':
        if (event.outcome === 'convicted')
          outcome.convicted.push(event.providerId)
        report({ event: 'rejected', ...pick(event), outcome: event.outcome })
        break
      case 'leftOut':
        report({
          event: 'leftOut',
          milestone: event.milestone,
          slot: event.slot,
        })
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
  const worker = progress.slot ? `, job ${progress.slot + 1}` : ''
  const at = `milestone ${milestone + 1}${worker}`
  switch (event) {
    case 'prepared':
      return `model ${progress.modelId?.slice(0, 10)}: ${milestones} milestone(s), at most ${formatAmount(progress.ahead ?? 0n)}`
    case 'ordered':
      return `${at}: job ${progress.jobId?.slice(0, 10)} ${progress.resumed ? 'resumed' : 'ordered'}`
    case 'locked':
      return `${at}: provider ${providerId} computes`
    case 'delivered':
      return `${at}: delivered by provider ${providerId}${progress.loss === undefined ? '' : `, loss ${progress.loss.toFixed(4)}`}${progress.stepsPerSecond === undefined ? '' : `, ${progress.stepsPerSecond.toFixed(0)} steps/s`}`
    case 'accepted':
      if (progress.milestones === undefined)
        return `${at}: accepted from provider ${providerId}`
      return `${at} of ${milestones}: accepted at step ${step}, loss ${progress.lastLoss?.toFixed(4)}${progress.accuracy === undefined ? '' : `, accuracy ${(100 * progress.accuracy).toFixed(1)}%`}, spent ${formatAmount(progress.spent ?? 0n)}, at most ${formatAmount(progress.ahead ?? 0n)} to come`
    case 'averaged':
      return `${at} of ${milestones}: ${progress.workers} worker(s) averaged at step ${step}, loss ${progress.lastLoss?.toFixed(4)}${progress.accuracy === undefined ? '' : `, accuracy ${(100 * progress.accuracy).toFixed(1)}%`}, spent ${formatAmount(progress.spent ?? 0n)}, at most ${formatAmount(progress.ahead ?? 0n)} to come`
    case 'leftOut':
      return `${at}: left out, it failed too often`
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
  slot: number
  attempt: number
  jobId?: string
  providerId?: number
  resumed?: boolean
}) {
  const { milestone, slot, attempt, jobId, providerId, resumed } = event
  return { milestone, slot, attempt, jobId, providerId, resumed }
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
    const bytes = await keepTensor(data, tensor, event.endpoint)
    if (value.name === 'parameters_next')
      values = new Uint8Array(toLogical(value.type, bytes))
  }
  return values
}

/** Fetches a tensor and puts it where the next provider finds it. */
async function keepTensor(
  data: DataAccess,
  tensor: TensorDocument,
  endpoint: string,
): Promise<Uint8Array> {
  const bytes = await fetchTensor(data, tensor, endpoint)
  await uploadBlob(data.server, new Uint8Array(bytes), { sha256: nodeSha256 })
  return bytes
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

/** The mean over the workers of a round, step by step. */
function meanOfEach(round: readonly (readonly StepLoss[])[]): StepLoss[] {
  const known = round.filter((losses) => losses !== undefined)
  return (known[0] ?? []).map(({ ahead }, i) => ({
    ahead,
    value: mean(known.map((losses) => losses[i]?.value ?? Number.NaN)),
  }))
}

function meanOf(losses: readonly StepLoss[]): number {
  return mean(losses.map(({ value }) => value))
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length
}
