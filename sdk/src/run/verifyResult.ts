import type { Hex } from 'viem'
import { getJob } from '../actions/getJob.js'
import { getModel } from '../actions/getModel.js'
import { orderId } from '../actions/orderId.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { LynodeError } from '../errors/lynodeError.js'
import type { Sha256 } from '../hash/sha256.js'
import { inputRootOf } from '../job/roots.js'
import { toCommitted } from '../tensor/permuteBytes.js'
import { blobRoot } from '../tree/blobRoot.js'
import { type ClassName, classCodes, type Order } from '../types/order.js'
import { bindInputs } from './bindInputs.js'
import { type CheckProofs, checkProofsOf } from './checkProofs.js'
import { type Finality, finalityOf } from './finality.js'
import {
  checkInterface,
  type InputEntry,
  type ModelInterface,
} from './modelInterface.js'
import { rootOfOutputs } from './outputs.js'
import type { TensorInput, TensorOutput } from './tensor.js'

export type VerifyResultParameters = {
  /** What `run` returned, or its parts from wherever they were kept. */
  result: {
    order: Order
    /** Of the one step, or of each step of a longer job. */
    outputs:
      | Readonly<Record<string, TensorOutput>>
      | readonly Readonly<Record<string, TensorOutput>>[]
  }
  model: ModelInterface
  /** Checked against the order where they are given (one-step jobs). */
  inputs?: Readonly<Record<string, TensorInput>> | undefined
  /** Class zk: checks the proofs; without it the model's verifier on chain is trusted. */
  checkProofs?: CheckProofs | undefined
  sha256?: Sha256 | undefined
}

/** What the chain says about a result whose bytes are the committed ones. */
export type VerifyResultReturnType = Finality & {
  jobId: Hex
  /** What makes a wrong result impossible or costly: see docs/protocol.md. */
  class: ClassName
  status: 'delivered' | 'settled'
  providerId: number
  price: bigint
  resultRoot: Hex
}

/**
 * Checks a delivered result again, from its bytes and the chain alone: the
 * order hashes to the job (`JobMarket.jobOf`), the model id commits to the types,
 * the inputs hash to the order's `inputRoot` and the outputs to the `resultRoot`
 * that the provider has staked on. No server is asked or trusted. Proofs of class
 * zk are checked by `checkProofs`.
 *
 * @returns The verification class, and whether the result is final.
 * @throws LynodeError `LY-JOB-006` when anything is not what was committed;
 * `LY-ZK-014` when a proof does not hold.
 * @example
 * const { final, class: kind } = await verifyResult(client, { result, model, inputs })
 */
export async function verifyResult(
  client: LynodeReader,
  parameters: VerifyResultParameters,
): Promise<VerifyResultReturnType> {
  const { result, model, inputs, checkProofs, sha256 } = parameters
  const { order } = result
  const { chainId, contracts } = client.addressBook
  const jobId = orderId({ chainId, jobMarket: contracts.jobMarket, order })
  if (order.modelId !== model.modelId)
    throw mismatch(jobId, `the order is of model ${order.modelId}`)
  const [{ header }, job] = await Promise.all([
    getModel(client, model),
    getJob(client, { jobId }),
  ])
  if (job.status !== 'delivered' && job.status !== 'settled')
    throw mismatch(jobId, `the chain says it is ${job.status}`)
  const entries = checkInterface(model, header, sha256)
  if (inputs !== undefined) {
    const root = rootOfInputs(entries.inputs, inputs, sha256)
    if (root !== order.inputRoot)
      throw mismatch(jobId, `the inputs hash to ${root}`)
  }
  const { outputs } = result
  const steps = isList(outputs) ? outputs : [outputs]
  if (steps.length !== order.steps)
    throw mismatch(jobId, `it has ${order.steps} steps, not ${steps.length}`)
  const root = rootOfOutputs(entries.outputs, header.segment, steps, sha256)
  if (root !== job.resultRoot)
    throw mismatch(jobId, `the outputs hash to ${root}, not ${job.resultRoot}`)
  await checkProofsOf(order, job, checkProofs)
  return {
    jobId,
    class: classOf(order),
    status: job.status,
    providerId: job.providerId,
    price: job.price,
    resultRoot: job.resultRoot,
    ...(await finalityOf(client, order, job)),
  }
}

/**
 * Name of the verification class that an order buys.
 *
 * @example
 * classOf({ class: 2 }) // 'float'
 */
export function classOf(order: Pick<Order, 'class'>): ClassName {
  for (const [name, code] of Object.entries(classCodes))
    if (code === order.class) return name as ClassName
  throw new LynodeError('LY-MKT-012', { details: `class ${order.class}` })
}

function rootOfInputs(
  values: readonly InputEntry[],
  inputs: Readonly<Record<string, TensorInput>>,
  sha256: Sha256 | undefined,
): Hex {
  const tensors = bindInputs({ values }, inputs).map(
    ({ value: { type }, array }) => ({
      ...type,
      dataRoot: blobRoot(toCommitted(type, array.data), sha256),
    }),
  )
  return inputRootOf({ kind: 'inputs', steps: [tensors] }, sha256)
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value)
}

function mismatch(jobId: Hex, details: string): LynodeError {
  return new LynodeError('LY-JOB-006', { details: `job ${jobId}: ${details}` })
}
