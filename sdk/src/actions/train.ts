import { getBlock } from 'viem/actions'
import type { LynodeClient } from '../clients/lynodeClient.js'
import { LynodeError } from '../errors/lynodeError.js'
import type { Sha256 } from '../hash/sha256.js'
import { checkDocument } from '../job/checkDocuments.js'
import {
  type InputsDocument,
  parseResultDocument,
  type ResultDocument,
  type TensorDocument,
} from '../job/documents.js'
import { inputRootOf, resultRootOf } from '../job/roots.js'
import { stayed } from '../job/stayed.js'
import {
  milestonesOf,
  type TrainingJob,
  type TrainingPlan,
  trainingNonce,
  trainingPlanId,
  workersOf,
} from '../training/trainingPlan.js'
import { TrainingState } from '../training/trainingState.js'
import type { Job } from '../types/job.js'
import type { Hex, Manifest } from '../types/manifest.js'
import type { Order } from '../types/order.js'
import { expireLock } from './expireLock.js'
import { getJob } from './getJob.js'
import { getProvider } from './getProvider.js'
import { mergeEvents } from './mergeEvents.js'
import { orderId } from './orderId.js'
import { refundJob } from './refundJob.js'
import { signPlan } from './signPlan.js'

/** What a planner remembers, and shows to who wants to check it: which orders it sent. The chain knows the rest. */
export type TrainingRecord = {
  plan: TrainingPlan
  /** Of the plan, by the requester. */
  signature: Hex
  /** In the order they were sent. */
  orders: readonly (TrainingJob & { order: Order; signature: Hex })[]
}

export type TrainParameters = {
  plan: TrainingPlan
  /** Of the step graph. */
  manifest: Manifest
  /** Of the model that averages, for a plan with rounds. */
  average?: Manifest | undefined
  /** Makes, and signs, an order for a job of the plan. */
  makeOrder(terms: {
    modelId: Hex
    inputRoot: Hex
    steps: number
    nonce: bigint
  }): Promise<{ order: Order; signature: Hex }>
  /** Makes a signed order known; again after a restart. */
  sendOrder(signed: { order: Order; signature: Hex }): Promise<unknown>
  /** Puts bytes and documents where providers find them, and reads checked ones. */
  data: {
    putBlob(bytes: Uint8Array<ArrayBuffer>): Promise<unknown>
    putDocument(document: InputsDocument): Promise<unknown>
    getDocument(root: Hex, endpoint: string): Promise<unknown>
  }
  /** Keeps the record before an order is sent, so that a restart goes on. */
  record: {
    load(): Promise<TrainingRecord | undefined>
    save(record: TrainingRecord): Promise<void>
  }
  /** Most orders for one job. Default 5. */
  attempts?: number | undefined
  pollMs?: number | undefined
  sha256?: Sha256 | undefined
  /** Ends the training at the next milestone. */
  signal?: AbortSignal | undefined
}

/** What happens to a training. */
export type TrainingEvent =
  | (TrainingJob & { type: 'ordered'; jobId: Hex; resumed: boolean })
  | (TrainingJob & { type: 'locked'; providerId: number; price: bigint })
  | (TrainingJob & {
      type: 'delivered'
      providerId: number
      endpoint: string
      result: ResultDocument
    })
  /** A job is final and paid; without rounds its last state is the checkpoint. */
  | (TrainingJob & {
      type: 'accepted'
      providerId: number
      price: bigint
      step: number
      endpoint: string
      result: ResultDocument
      /** What the last step carried, by slot; nothing of an average. */
      checkpoint: readonly TensorDocument[]
    })
  /** Convicted, or refunded: it is ordered again from the last checkpoint. */
  | (TrainingJob & {
      type: 'rejected'
      providerId: number
      outcome: 'convicted' | 'refunded' | 'unwanted'
    })
  /** A worker of a round failed too often: the round goes on without it. */
  | { type: 'leftOut'; milestone: number; slot: number }
  /** A round was averaged: the next one begins with these. */
  | {
      type: 'averaged'
      milestone: number
      step: number
      workers: number
      endpoint: string
      parameters: TensorDocument
      momentum: TensorDocument
    }
  | { type: 'stopped'; step: number }
  | { type: 'finished'; step: number }

export type TrainErrorType = LynodeError

/**
 * Buys a training, one milestone after the other: each order begins with the
 * state in which the last accepted milestone ended. A failed, silent or
 * convicted provider is refunded by the contracts, and its job is ordered
 * again. A plan with rounds buys several jobs at once and then one that averages
 * them (DiLoCo); a worker that fails too often is left out of its round.
 *
 * After a restart it goes on with the orders of its record, whatever became of
 * them meanwhile; no attempt is ever paid twice.
 *
 * @throws LynodeError LY-TRN-003 when a job fails too often, LY-TRN-004
 * when the record is of another plan.
 * @example
 * for await (const event of client.train({ plan, manifest, ...trainingMarket, record }))
 *   console.log(event.type)
 */
export async function* train(
  client: LynodeClient,
  parameters: TrainParameters,
): AsyncGenerator<TrainingEvent, void, undefined> {
  const { plan, manifest, average, record, data, sha256, signal } = parameters
  const loaded = await record.load()
  if (
    loaded !== undefined &&
    trainingPlanId(loaded.plan) !== trainingPlanId(plan)
  )
    throw new LynodeError('LY-TRN-004')
  const purchase = new Purchase(
    client,
    parameters,
    loaded ?? {
      plan,
      signature: (await signPlan(client, { plan })).signature,
      orders: [],
    },
  )
  const state = new TrainingState(
    plan,
    manifest,
    average && { manifest: average, sha256 },
  )
  const workers = workersOf(plan)

  for (const [milestone, { first, steps }] of milestonesOf(
    plan,
    manifest,
  ).entries()) {
    if (signal?.aborted === true) {
      yield { type: 'stopped', step: first }
      return
    }
    const step = first + steps
    const jobs = Array.from({ length: workers }, (_, slot) =>
      purchase.buy({
        milestone,
        slot,
        step,
        manifest,
        inputs: state.inputs(slot),
      }),
    )
    for await (const event of mergeEvents(jobs)) {
      if (event.type === 'accepted') state.accept(event.slot, event.result)
      if (event.type === 'leftOut' && plan.rounds === undefined)
        throw tooOften(`milestone ${milestone}`)
      yield event
    }
    if (plan.rounds === undefined || average === undefined) continue

    if (state.accepted < (plan.rounds.quorum ?? 1))
      throw tooOften(
        `round ${milestone}: ${state.accepted} of ${workers} workers are left`,
      )
    const { accepted } = state
    const { inputs, share } = state.averageInputs()
    await data.putBlob(share)
    const averaging = purchase.buy({
      milestone,
      slot: workers,
      step,
      manifest: average,
      inputs,
    })
    for await (const event of averaging) {
      if (event.type === 'leftOut')
        throw tooOften(`the average of round ${milestone}`)
      yield event
      if (event.type !== 'accepted') continue
      const { endpoint, result } = event
      yield {
        type: 'averaged',
        milestone,
        step,
        workers: accepted,
        endpoint,
        ...state.averaged(result),
      }
    }
  }
  yield { type: 'finished', step: plan.steps }
}

function tooOften(what: string): LynodeError {
  return new LynodeError('LY-TRN-003', { details: what })
}

/** A job that is to be bought. */
type Wanted = {
  milestone: number
  slot: number
  /** Steps of the training that are done with it. */
  step: number
  manifest: Manifest
  inputs: InputsDocument
}

type JobEvent = Exclude<
  TrainingEvent,
  { type: 'averaged' | 'stopped' | 'finished' }
>

/** Orders jobs of a plan until each is accepted or has failed too often. */
class Purchase {
  readonly #client: LynodeClient
  readonly #parameters: TrainParameters
  readonly #planId: Hex
  #record: TrainingRecord
  /** What sends transactions goes one after the other: all have one account. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(
    client: LynodeClient,
    parameters: TrainParameters,
    record: TrainingRecord,
  ) {
    this.#client = client
    this.#parameters = parameters
    this.#record = record
    this.#planId = trainingPlanId(record.plan)
  }

  async *buy(wanted: Wanted): AsyncGenerator<JobEvent, void, undefined> {
    const { milestone, slot } = wanted
    const { attempts = 5 } = this.#parameters
    for (let attempt = 0; attempt < attempts; attempt++) {
      const job = { milestone, slot, attempt }
      const { order, jobId, resumed } = await this.#order(wanted, job)
      yield { type: 'ordered', ...job, jobId, resumed }
      for await (const event of this.#follow(wanted, job, order, jobId)) {
        yield event
        if (event.type === 'accepted') return
      }
    }
    yield { type: 'leftOut', milestone, slot }
  }

  /** The order of an attempt: that of the record, else a new one. */
  async #order(
    { manifest, inputs }: Wanted,
    job: TrainingJob,
  ): Promise<{ order: Order; jobId: Hex; resumed: boolean }> {
    const { data, record, sha256, makeOrder, sendOrder } = this.#parameters
    const known = this.#record.orders.find(
      ({ milestone, slot, attempt }) =>
        milestone === job.milestone &&
        slot === job.slot &&
        attempt === job.attempt,
    )
    if (known !== undefined) {
      const jobId = this.#jobId(known.order)
      const { status } = await getJob(this.#client, { jobId })
      if (status === 'none')
        await this.#alone(() =>
          sendOrder({ order: known.order, signature: known.signature }),
        )
      return { order: known.order, jobId, resumed: true }
    }
    await data.putDocument(inputs)
    return this.#alone(async () => {
      const made = await makeOrder({
        modelId: manifest.modelId,
        inputRoot: inputRootOf(inputs, sha256),
        steps: inputs.steps.length,
        nonce: trainingNonce(this.#planId, job),
      })
      this.#record = {
        ...this.#record,
        orders: [...this.#record.orders, { ...job, ...made }],
      }
      // Before it is sent: an order that nobody remembers could be paid twice.
      await record.save(this.#record)
      await sendOrder(made)
      return {
        order: made.order,
        jobId: this.#jobId(made.order),
        resumed: false,
      }
    })
  }

  /** One order until it is settled, convicted or refunded. */
  async *#follow(
    { step, manifest }: Wanted,
    job: TrainingJob,
    order: Order,
    jobId: Hex,
  ): AsyncGenerator<JobEvent, void, undefined> {
    const client = this.#client
    const { pollMs = 250, data, sha256 } = this.#parameters
    const lockBy = Math.min(order.rampStart + order.lockDuration, order.expiry)
    let seen = ''
    let result: ResultDocument | undefined
    let shown: Hex | undefined
    for (;;) {
      const now = await getJob(client, { jobId })
      const { providerId } = now
      const news = `${now.status} ${now.attempt} ${providerId}`
      if (news !== seen && now.status === 'locked')
        yield { type: 'locked', ...job, providerId, price: now.price }
      seen = news
      if (now.status === 'delivered' || now.status === 'settled') {
        const { endpoint } = await getProvider(client, { providerId })
        if (shown !== now.resultRoot) {
          result = await resultOf(data, manifest, now, endpoint, order, sha256)
          if (result !== undefined) {
            shown = now.resultRoot
            yield { type: 'delivered', ...job, providerId, endpoint, result }
          }
        }
        if (now.status === 'settled' && result !== undefined) {
          yield {
            type: 'accepted',
            ...job,
            providerId,
            price: now.price,
            step,
            endpoint,
            result,
            checkpoint: result.steps.at(-1)?.carried ?? [],
          }
          return
        }
      }
      if (now.status === 'convicted' || now.status === 'refunded') {
        yield { type: 'rejected', ...job, providerId, outcome: now.status }
        return
      }
      if (now.status === 'none' && (await stayed(client, now, lockBy))) {
        yield { type: 'rejected', ...job, providerId: 0, outcome: 'unwanted' }
        return
      }
      const { timestamp } = await getBlock(client)
      await this.#release(now, order, Number(timestamp))
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
  }

  /**
   * A silent provider: its lock is expired, and what nobody takes after that is
   * refunded, so that neither waits for somebody who does it for the gas (A2).
   */
  async #release(job: Job, order: Order, timestamp: number): Promise<void> {
    const client = this.#client
    const late =
      job.status === 'locked'
        ? timestamp > job.time
        : job.status === 'reopened' &&
          timestamp > Math.min(job.time + order.lockDuration, order.expiry)
    if (!late) return
    try {
      await this.#alone<unknown>(() =>
        job.status === 'locked'
          ? expireLock.sync(client, { order })
          : refundJob.sync(client, { order }),
      )
    } catch (error) {
      // Somebody else was faster, or it was delivered: the chain says which.
      const { status, attempt } = await getJob(client, { jobId: job.jobId })
      if (status === job.status && attempt === job.attempt) throw error
    }
  }

  #jobId(order: Order): Hex {
    const { chainId, contracts } = this.#client.addressBook
    return orderId({ chainId, jobMarket: contracts.jobMarket, order })
  }

  #alone<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(act)
    this.#last = turn.catch(() => undefined) // told to whoever asked for it
    return turn
  }
}

/** The result, checked; `undefined` while its document cannot be had. */
async function resultOf(
  data: TrainParameters['data'],
  manifest: Manifest,
  { resultRoot }: Job,
  endpoint: string,
  order: Order,
  sha256: Sha256 | undefined,
): Promise<ResultDocument | undefined> {
  let document: unknown
  try {
    document = await data.getDocument(resultRoot, endpoint)
  } catch {
    return undefined // withheld or slow: verifiers demand it, and we ask again
  }
  const result = parseResultDocument(document)
  checkDocument(manifest, result, order.steps)
  return resultRootOf(result, sha256) === resultRoot ? result : undefined
}
