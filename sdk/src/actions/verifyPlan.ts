import { verifyTypedData } from 'viem/actions'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { LynodeError } from '../errors/lynodeError.js'
import type { Sha256 } from '../hash/sha256.js'
import { checkDocument } from '../job/checkDocuments.js'
import {
  type InputsDocument,
  parseResultDocument,
  type ResultDocument,
} from '../job/documents.js'
import { inputRootOf, resultRootOf } from '../job/roots.js'
import {
  milestonesOf,
  type TrainingJob,
  trainingNonce,
  trainingPlanId,
  workersOf,
} from '../training/trainingPlan.js'
import { TrainingState } from '../training/trainingState.js'
import type { JobStatus } from '../types/job.js'
import type { Hex, Manifest } from '../types/manifest.js'
import type { Order } from '../types/order.js'
import { getJob } from './getJob.js'
import { isNonceUsed } from './isNonceUsed.js'
import { orderDomain, orderId } from './orderId.js'
import { planTypes } from './signPlan.js'
import type { TrainingRecord } from './train.js'

export type VerifyPlanParameters = {
  /** What the planner shows. */
  record: TrainingRecord
  /** Of the step graph. */
  manifest: Manifest
  /** Of the model that averages, for a plan with rounds. */
  average?: Manifest | undefined
  /** Reads a result by its root, from whoever has it. */
  getDocument(root: Hex): Promise<unknown>
  sha256?: Sha256 | undefined
}

/** A job of a plan, as the chain has it. */
export type VerifiedJob = TrainingJob & {
  jobId: Hex
  status: JobStatus
  providerId: number
}

export type VerifyPlanReturnType = {
  planId: Hex
  jobs: VerifiedJob[]
  /** Milestones that are settled and follow from each other. */
  milestones: number
  complete: boolean
}

/**
 * Checks what a planner ordered, without trusting it and without a byte of a
 * tensor: the plan is signed by the requester, every order is one of the plan,
 * and its inputs follow from the roots of settled results. A worker that was
 * settled counts in its average, one that was not does not; an attempt that
 * the record hides shows by its nonce.
 *
 * @throws LynodeError LY-TRN-006 naming the job that does not follow.
 * @example
 * const { milestones } = await client.verifyPlan({ record: trainingRecord, manifest, getDocument })
 */
export async function verifyPlan(
  client: LynodeReader,
  parameters: VerifyPlanParameters,
): Promise<VerifyPlanReturnType> {
  const { record, manifest, average, sha256 } = parameters
  const { plan } = record
  const planId = trainingPlanId(plan)
  const [head] = record.orders
  const verified: VerifyPlanReturnType = {
    planId,
    jobs: [],
    milestones: 0,
    complete: false,
  }
  if (head === undefined) return verified
  const { requester } = head.order
  await requireSignature(client, record, planId, requester)

  const state = new TrainingState(
    plan,
    manifest,
    average && { manifest: average, sha256 },
  )
  const workers = workersOf(plan)
  /** The settled result of a job, if any attempt has one. */
  const settled = async (
    place: Omit<TrainingJob, 'attempt'>,
    model: Manifest,
    inputs: InputsDocument,
  ): Promise<ResultDocument | undefined> => {
    for (let attempt = 0; ; attempt++) {
      const job = { ...place, attempt }
      const nonce = trainingNonce(planId, job)
      const known = record.orders.find(
        (entry) =>
          entry.milestone === job.milestone &&
          entry.slot === job.slot &&
          entry.attempt === attempt,
      )
      if (known === undefined) {
        if (await isNonceUsed(client, { requester, nonce }))
          throw wrong(job, 'the record hides an order that was locked')
        return undefined
      }
      const { order } = known
      requireTerms(job, order, {
        requester,
        nonce,
        modelId: model.modelId,
        steps: inputs.steps.length,
        inputRoot: inputRootOf(inputs, sha256),
      })
      const { chainId, contracts } = client.addressBook
      const jobId = orderId({ chainId, jobMarket: contracts.jobMarket, order })
      const { status, providerId, resultRoot } = await getJob(client, { jobId })
      verified.jobs.push({ ...job, jobId, status, providerId })
      if (status !== 'settled') continue
      const result = parseResultDocument(
        await parameters.getDocument(resultRoot),
      )
      checkDocument(model, result, order.steps)
      if (resultRootOf(result, sha256) !== resultRoot)
        throw wrong(job, 'the result is not what was delivered')
      return result
    }
  }

  const milestones = milestonesOf(plan, manifest)
  for (const milestone of milestones.keys()) {
    const inputs = Array.from({ length: workers }, (_, slot) =>
      state.inputs(slot),
    )
    let ended = false
    for (const [slot, document] of inputs.entries()) {
      const result = await settled({ milestone, slot }, manifest, document)
      if (result === undefined) continue
      state.accept(slot, result)
      ended = plan.rounds === undefined
    }
    if (average !== undefined && state.accepted > 0) {
      const place = { milestone, slot: workers }
      const result = await settled(place, average, state.averageInputs().inputs)
      if (result !== undefined) state.averaged(result)
      ended = result !== undefined
    }
    if (!ended) break
    verified.milestones++
  }
  const checked = verified.jobs.length
  if (checked < record.orders.length)
    throw new LynodeError('LY-TRN-006', {
      details: `${record.orders.length - checked} orders follow from nothing that is settled`,
    })
  verified.complete = verified.milestones === milestones.length
  return verified
}

async function requireSignature(
  client: LynodeReader,
  { signature }: TrainingRecord,
  planId: Hex,
  requester: Hex,
): Promise<void> {
  const { chainId, contracts } = client.addressBook
  const signed = await verifyTypedData(client, {
    address: requester,
    domain: orderDomain({ chainId, jobMarket: contracts.jobMarket }),
    types: planTypes,
    primaryType: 'TrainingPlan',
    message: { planId },
    signature,
  })
  if (!signed)
    throw new LynodeError('LY-TRN-006', {
      details: `the plan is not signed by ${requester}`,
    })
}

/** Every term that the plan decides. */
function requireTerms(
  job: TrainingJob,
  order: Order,
  wanted: Pick<
    Order,
    'requester' | 'nonce' | 'modelId' | 'steps' | 'inputRoot'
  >,
): void {
  for (const [term, value] of Object.entries(wanted))
    if (order[term as keyof typeof wanted] !== value)
      throw wrong(job, `its ${term} is not that of the plan`)
}

function wrong(
  { milestone, slot, attempt }: TrainingJob,
  what: string,
): LynodeError {
  return new LynodeError('LY-TRN-006', {
    details: `milestone ${milestone}, slot ${slot}, attempt ${attempt}: ${what}`,
  })
}
