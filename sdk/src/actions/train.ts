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
import {
  milestoneInputs,
  milestonesOf,
  type TrainingPlan,
  trainingNonce,
  trainingPlanId,
} from '../training/trainingPlan.js'
import type { Job } from '../types/job.js'
import type { Hex, Manifest } from '../types/manifest.js'
import type { Order } from '../types/order.js'
import { getJob } from './getJob.js'
import { getProvider } from './getProvider.js'
import { orderId } from './orderId.js'

/** What a planner remembers: which orders it sent. The chain knows the rest. */
export type TrainingRecord = {
  plan: Hex
  /** In the order they were sent. */
  orders: readonly {
    milestone: number
    attempt: number
    order: Order
    signature: Hex
  }[]
  /** Results of accepted milestones, by root. */
  accepted: readonly Hex[]
}

export type TrainParameters = {
  plan: TrainingPlan
  manifest: Manifest
  /** Makes, and signs, an order for a milestone. */
  makeOrder(terms: {
    inputRoot: Hex
    steps: number
    nonce: bigint
  }): Promise<{ order: Order; signature: Hex }>
  /** Makes a signed order known; again after a restart. */
  sendOrder(signed: { order: Order; signature: Hex }): Promise<unknown>
  /** Puts documents where providers find them, and reads checked ones. */
  data: {
    putDocument(document: InputsDocument): Promise<unknown>
    getDocument(root: Hex, endpoint: string): Promise<unknown>
  }
  /** Keeps the record before an order is sent, so that a restart goes on. */
  record: {
    load(): Promise<TrainingRecord | undefined>
    save(record: TrainingRecord): Promise<void>
  }
  /** Most orders for one milestone. Default 5. */
  attempts?: number | undefined
  pollMs?: number | undefined
  sha256?: Sha256 | undefined
  /** Ends the training at the next milestone. */
  signal?: AbortSignal | undefined
}

/** What happens to a training. */
export type TrainingEvent =
  | {
      type: 'ordered'
      milestone: number
      attempt: number
      jobId: Hex
      resumed: boolean
    }
  | { type: 'locked'; milestone: number; providerId: number; price: bigint }
  | {
      type: 'delivered'
      milestone: number
      providerId: number
      endpoint: string
      result: ResultDocument
    }
  /** The milestone is final and paid: its last state is the checkpoint. */
  | {
      type: 'accepted'
      milestone: number
      providerId: number
      price: bigint
      step: number
      endpoint: string
      result: ResultDocument
      checkpoint: readonly TensorDocument[]
    }
  /** Convicted, or refunded: the milestone is ordered again from the last checkpoint. */
  | {
      type: 'rejected'
      milestone: number
      attempt: number
      providerId: number
      outcome: 'convicted' | 'refunded' | 'unwanted'
    }
  | { type: 'stopped'; step: number }
  | { type: 'finished'; step: number }

export type TrainErrorType = LynodeError

/**
 * Buys a training, one milestone after the other: each order begins with the
 * state in which the last accepted milestone ended. A failed, silent or
 * convicted provider is refunded by the contracts, and the milestone is ordered
 * again. After a restart it goes on with the orders of its record, whatever
 * became of them meanwhile; no attempt is ever paid twice.
 *
 * @throws LynodeError LY-TRN-003 when a milestone fails too often, LY-TRN-004
 * when the record is of another plan.
 * @example
 * for await (const event of client.train({ plan, manifest, ...trainingMarket, record }))
 *   console.log(event.type)
 */
export async function* train(
  client: LynodeClient,
  parameters: TrainParameters,
): AsyncGenerator<TrainingEvent, void, undefined> {
  const { plan, manifest, record, data, sha256, signal } = parameters
  const { attempts = 5 } = parameters
  const id = trainingPlanId(plan)
  const loaded = await record.load()
  if (loaded !== undefined && loaded.plan !== id)
    throw new LynodeError('LY-TRN-004')
  let known: TrainingRecord = loaded ?? { plan: id, orders: [], accepted: [] }
  let state: readonly TensorDocument[] | undefined

  for (const [milestone, { first, steps }] of milestonesOf(
    plan,
    manifest,
  ).entries()) {
    if (signal?.aborted === true) {
      yield { type: 'stopped', step: first }
      return
    }
    for (let attempt = 0; ; attempt++) {
      if (attempt >= attempts)
        throw new LynodeError('LY-TRN-003', {
          details: `milestone ${milestone} failed ${attempts} times`,
        })
      let signed = known.orders.find(
        (entry) => entry.milestone === milestone && entry.attempt === attempt,
      )
      const resumed = signed !== undefined
      if (signed === undefined) {
        const inputs = milestoneInputs(plan, manifest, milestone, state)
        await data.putDocument(inputs)
        const made = await parameters.makeOrder({
          inputRoot: inputRootOf(inputs, sha256),
          steps,
          nonce: trainingNonce(id, milestone, attempt),
        })
        signed = { milestone, attempt, ...made }
        known = { ...known, orders: [...known.orders, signed] }
        // Before it is sent: an order that nobody remembers could be paid twice.
        await record.save(known)
        await parameters.sendOrder(made)
      }
      const { order, signature } = signed
      const jobId = orderId({
        chainId: client.addressBook.chainId,
        jobMarket: client.addressBook.contracts.jobMarket,
        order,
      })
      yield { type: 'ordered', milestone, attempt, jobId, resumed }
      const seen = await getJob(client, { jobId })
      if (resumed && seen.status === 'none')
        await parameters.sendOrder({ order, signature })

      let ended: TrainingEvent | undefined
      for await (const event of follow(client, parameters, {
        milestone,
        attempt,
        jobId,
        order,
        manifest,
        step: first + steps,
      })) {
        if (event.type === 'accepted' || event.type === 'rejected')
          ended = event
        else yield event
      }
      if (ended?.type !== 'accepted') {
        if (ended !== undefined) yield ended
        continue
      }
      state = ended.checkpoint
      if (!known.accepted.includes(resultRootOf(ended.result, sha256))) {
        known = {
          ...known,
          accepted: [...known.accepted, resultRootOf(ended.result, sha256)],
        }
        await record.save(known)
      }
      yield ended
      break
    }
  }
  yield { type: 'finished', step: plan.steps }
}

/** One order until it is settled, convicted or refunded. */
async function* follow(
  client: LynodeClient,
  { data, pollMs = 250, sha256 }: TrainParameters,
  job: {
    milestone: number
    attempt: number
    jobId: Hex
    order: Order
    manifest: Manifest
    step: number
  },
): AsyncGenerator<TrainingEvent, void, undefined> {
  const { milestone, attempt, jobId, order, manifest, step } = job
  const lockBy = Math.min(order.rampStart + order.lockDuration, order.expiry)
  let seen = ''
  let result: ResultDocument | undefined
  let shown: Hex | undefined
  for (;;) {
    const now = await getJob(client, { jobId })
    const { providerId } = now
    const news = `${now.status} ${now.attempt} ${providerId}`
    if (news !== seen && now.status === 'locked')
      yield { type: 'locked', milestone, providerId, price: now.price }
    seen = news
    if (now.status === 'delivered' || now.status === 'settled') {
      const { endpoint } = await getProvider(client, { providerId })
      if (shown !== now.resultRoot) {
        result = await resultOf(data, manifest, now, endpoint, order, sha256)
        if (result !== undefined) {
          shown = now.resultRoot
          yield { type: 'delivered', milestone, providerId, endpoint, result }
        }
      }
      if (now.status === 'settled' && result !== undefined) {
        yield {
          type: 'accepted',
          milestone,
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
      yield {
        type: 'rejected',
        milestone,
        attempt,
        providerId,
        outcome: now.status,
      }
      return
    }
    if (now.status === 'none') {
      const { timestamp } = await getBlock(client)
      if (Number(timestamp) > lockBy) {
        yield {
          type: 'rejected',
          milestone,
          attempt,
          providerId: 0,
          outcome: 'unwanted',
        }
        return
      }
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs))
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
