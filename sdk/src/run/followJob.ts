import type { Hex } from 'viem'
import { getJob } from '../actions/getJob.js'
import { getModel } from '../actions/getModel.js'
import { getProvider } from '../actions/getProvider.js'
import { orderId } from '../actions/orderId.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { fetchResult } from '../data/fetchResult.js'
import { LynodeError } from '../errors/lynodeError.js'
import type { Sha256 } from '../hash/sha256.js'
import { stayed } from '../job/stayed.js'
import type { Job } from '../types/job.js'
import type { ClassName, Order } from '../types/order.js'
import { type CheckProofs, checkProofsOf } from './checkProofs.js'
import { type Finality, finalityOf } from './finality.js'
import { findServers } from './findServers.js'
import {
  checkInterface,
  type ModelInterface,
  type OutputEntry,
} from './modelInterface.js'
import { fetchOutputs } from './outputs.js'
import { sleep } from './sleep.js'
import type { TensorOutput } from './tensor.js'
import { classOf } from './verifyResult.js'

/** A result whose bytes are those that the provider committed to. */
export type RunResult<outputs = Record<string, TensorOutput>> = Finality & {
  jobId: Hex
  /** By which the result can be checked again: `verifyResult`. */
  order: Order
  modelId: Hex
  /** What makes a wrong result impossible or costly: see docs/protocol.md. */
  class: ClassName
  status: 'delivered' | 'settled'
  providerId: number
  attempt: number
  /** Wei of the order's token. */
  price: bigint
  resultRoot: Hex
  outputs: outputs
}

/** What a job goes through once its order is known. */
export type FollowState<outputs = Record<string, TensorOutput>> =
  | {
      type: 'locked'
      jobId: Hex
      order: Order
      providerId: number
      attempt: number
      price: bigint
    }
  /** The attempt failed; another provider may take the order. */
  | { type: 'reopened'; jobId: Hex; attempt: number }
  /** The outputs are here and verified; disputes are still possible. */
  | { type: 'delivered'; result: RunResult<outputs> }
  | { type: 'final'; result: RunResult<outputs> }

export type FollowJobParameters = {
  order: Order
  model: ModelInterface
  /** `final` by default. */
  wait?: 'delivered' | 'final' | undefined
  /** Time between two looks at the chain; 200 by default. */
  pollMs?: number | undefined
  /** Data servers besides the provider's; those of `findServers` by default. */
  sources?: readonly string[] | undefined
  /** Class zk: checks the proofs before the outputs are given out. */
  checkProofs?: CheckProofs | undefined
  sha256?: Sha256 | undefined
  signal?: AbortSignal | undefined
}

/** How often outputs are asked for before they count as withheld. */
const attempts = 3

/**
 * Follows the job of a one-step order to its result, from wherever it is: after a
 * restart too (`JobMarket.jobOf`). A result that a dispute overturns is replaced by
 * that of the next attempt.
 *
 * @throws LynodeError `LY-JOB-001` nobody took the order in time, `LY-JOB-002` it
 * ended without a result, `LY-JOB-005` the outputs are withheld, `LY-ZK-014` a proof
 * does not hold.
 * @example
 * for await (const state of followJob(client, { order, model, wait: 'delivered' }))
 *   if (state.type === 'delivered') console.log(state.result.outputs)
 */
export async function* followJob<outputs = Record<string, TensorOutput>>(
  client: LynodeReader,
  parameters: FollowJobParameters,
): AsyncGenerator<FollowState<outputs>, RunResult<outputs>, undefined> {
  const { order, model, wait = 'final', signal, sha256 } = parameters
  const { chainId, contracts } = client.addressBook
  const jobId = orderId({ chainId, jobMarket: contracts.jobMarket, order })
  if (order.steps !== 1)
    throw new LynodeError('LY-MKT-012', {
      details: `the order has ${order.steps} steps; followJob takes one`,
    })
  const { header } = await getModel(client, model)
  const entries = checkInterface(model, header, sha256).outputs
  const sources = parameters.sources ?? (await findServers(client)).dataServers
  const lockBy = Math.min(order.rampStart + order.lockDuration, order.expiry)
  let seen = ''
  let result: RunResult<outputs> | undefined
  for (;;) {
    signal?.throwIfAborted()
    const job = await getJob(client, { jobId })
    const { status, attempt, providerId, price } = job
    const news = `${status} ${attempt} ${providerId}`
    if (news !== seen) {
      seen = news
      if (status === 'locked')
        yield { type: 'locked', jobId, order, providerId, attempt, price }
      if (status === 'reopened') yield { type: 'reopened', jobId, attempt }
    }
    if (status === 'delivered' || status === 'settled') {
      const finality = await finalityOf(client, order, job)
      if (result?.resultRoot !== job.resultRoot || result.attempt !== attempt) {
        await checkProofsOf(order, job, parameters.checkProofs)
        const outputs = await collect(client, job, entries, {
          sources,
          sha256,
          signal,
        })
        result = {
          jobId,
          order,
          modelId: model.modelId,
          class: classOf(order),
          status,
          providerId,
          attempt,
          price,
          resultRoot: job.resultRoot,
          outputs: outputs as outputs,
          ...finality,
        }
        yield { type: 'delivered', result }
      }
      result = { ...result, ...finality, status }
      if (finality.final) {
        yield { type: 'final', result }
        return result
      }
      if (wait === 'delivered') return result
    }
    if (status === 'convicted' || status === 'refunded')
      throw new LynodeError('LY-JOB-002', {
        details: `job ${jobId} is ${status}`,
      })
    if (status === 'none' && (await stayed(client, job, lockBy)))
      throw new LynodeError('LY-JOB-001', { details: `job ${jobId}` })
    if (status === 'reopened' && (await stayed(client, job, order.expiry)))
      throw new LynodeError('LY-JOB-002', {
        details: `job ${jobId} was given up by ${attempt} provider(s) and has expired: its price can be refunded (refundJob)`,
      })
    await sleep(parameters.pollMs ?? 200, signal)
  }
}

/** The outputs of a delivered job, asked for several times. */
async function collect(
  client: LynodeReader,
  { jobId, providerId, resultRoot }: Job,
  entries: readonly OutputEntry[],
  options: {
    sources: readonly string[]
    sha256: Sha256 | undefined
    signal: AbortSignal | undefined
  },
) {
  const { endpoint } = await getProvider(client, { providerId })
  const from = { ...options, sources: [endpoint, ...options.sources] }
  for (let tries = 1; ; tries++)
    try {
      const document = await fetchResult({ resultRoot, ...from })
      return await fetchOutputs(document, entries, 0, from)
    } catch (cause) {
      options.signal?.throwIfAborted()
      if (tries < attempts) {
        await sleep(500, options.signal)
        continue
      }
      throw new LynodeError('LY-JOB-005', {
        details: `job ${jobId}, provider ${providerId}: ${cause instanceof LynodeError ? cause.shortMessage : String(cause)}`,
        cause,
      })
    }
}
