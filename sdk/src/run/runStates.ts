import type { Hex } from 'viem'
import { getModel } from '../actions/getModel.js'
import { signOrder } from '../actions/signOrder.js'
import type { LynodeClient } from '../clients/lynodeClient.js'
import { uploadInputs } from '../data/uploadInputs.js'
import { LynodeError } from '../errors/lynodeError.js'
import type { Sha256 } from '../hash/sha256.js'
import { type ClassName, classCodes, type Order } from '../types/order.js'
import { type BoundInput, bindInputs } from './bindInputs.js'
import type { CheckProofs } from './checkProofs.js'
import { fillQuote } from './fillQuote.js'
import { findServers, type Servers } from './findServers.js'
import { type FollowState, followJob, type RunResult } from './followJob.js'
import { fundRequester } from './fundRequester.js'
import { loadModel } from './loadModel.js'
import { type MakeOrderParameters, makeOrder } from './makeOrder.js'
import {
  checkInterface,
  type InterfaceValue,
  type ModelInterface,
} from './modelInterface.js'
import { sendOrder } from './sendOrder.js'
import type { TensorInput, TensorOutput } from './tensor.js'

/** What names a model: its interface, or its id alone. */
export type ModelReference = ModelInterface | Hex

/** The inputs that a model takes, by name. */
export type InputsOf<model extends ModelReference> =
  model extends ModelInterface
    ? { [name in keyof model['inputs']]: InputOf<model['inputs'][name]> }
    : Readonly<Record<string, TensorInput>>

/** The outputs that a model gives, by name. */
export type OutputsOf<model extends ModelReference> =
  model extends ModelInterface
    ? { [name in keyof model['outputs']]: OutputOf<model['outputs'][name]> }
    : Record<string, TensorOutput>

type InputOf<value extends InterfaceValue> = TensorInput<value['dtype']>
type OutputOf<value extends InterfaceValue> = TensorOutput<value['dtype']>

export type RunParameters<model extends ModelReference = ModelReference> = {
  /** Its interface, of which the types of `inputs` follow, or its id. */
  model: model
  /** Typed arrays, plain numbers, or bytes with type and shape. */
  inputs: NoInfer<InputsOf<model>>
  /** Most that is paid: wei of the pay token, or dollars with 18 decimals (`terms`). */
  maxPrice: bigint
  /** `final`, the default, or as soon as the outputs are there and verified. */
  wait?: 'delivered' | 'final' | undefined
  /** Where inputs and orders go; those of the client by default. */
  servers?: Servers | undefined
  /** Fill the lowest quote of a provider instead of waiting for a taker. */
  quote?: boolean | undefined
  /** Announce the order on chain as well as by relay. */
  announce?: boolean | undefined
  /** Deposit into the ledger when the committed balance is too small. Default true. */
  fund?: boolean | undefined
  /** By default the strongest class in which the model is sold. */
  class?: ClassName | undefined
  /** Terms of the order other than the defaults. */
  terms?:
    | Omit<
        MakeOrderParameters,
        'modelId' | 'class' | 'inputRoot' | 'maxPrice' | 'steps'
      >
    | undefined
  /** Time between two looks at the chain; 200 by default. */
  pollMs?: number | undefined
  /** Class zk: checks the proofs before the outputs are given out. */
  checkProofs?: CheckProofs | undefined
  /** Ends the run; an order that was sent can still be taken. */
  signal?: AbortSignal | undefined
  sha256?: Sha256 | undefined
  /** What happens besides the states, in words. */
  report?: ((line: string) => void) | undefined
}

/** What a run goes through. */
export type RunState<model extends ModelReference = ModelReference> =
  | { type: 'uploaded'; inputRoot: Hex }
  /** Before it is sent: who keeps it can follow the job after a restart. */
  | { type: 'signed'; jobId: Hex; order: Order; signature: Hex }
  /** Relays that took it; none when it went on chain. */
  | { type: 'announced'; jobId: Hex; relays: readonly string[] }
  | FollowState<OutputsOf<model>>

/**
 * Buys one execution of a model, and yields each state: inputs uploaded, order
 * signed (EIP-712) and announced, locked by a provider (`JobLocked`), delivered
 * with verified outputs, final. Returns the result.
 *
 * @throws LynodeError `LY-INP-002` to `LY-INP-004` before anything is sent,
 * `LY-JOB-001` nobody took the order, `LY-JOB-002` it ended without a result,
 * `LY-JOB-004` the signal ended it after the order was signed, `LY-JOB-005` the
 * outputs are withheld, `LY-ZK-014` a proof does not hold.
 * @example
 * for await (const state of runStates(client, { model, inputs: { x: [1, 2, -3, 0.5] }, maxPrice }))
 *   console.log(state.type)
 */
export async function* runStates<const model extends ModelReference>(
  client: LynodeClient,
  parameters: RunParameters<model>,
): AsyncGenerator<RunState<model>, RunResult<OutputsOf<model>>, undefined> {
  const { signal, sha256, quote = false, report } = parameters
  signal?.throwIfAborted()
  const servers = parameters.servers ?? (await findServers(client))
  const model = await interfaceOf(client, parameters, servers.dataServers)
  const { header, classes } = await getModel(client, model)
  const entries = checkInterface(model, header, sha256)
  const inputs = bindInputs(
    { values: entries.inputs },
    parameters.inputs as Record<string, TensorInput>,
  )

  const inputRoot = await uploadToAny(servers.dataServers, inputs, {
    sha256,
    signal,
  })
  yield { type: 'uploaded', inputRoot }

  const draft = await makeOrder(client, {
    ...parameters.terms,
    modelId: model.modelId,
    class: parameters.class ?? soldClass(classes),
    inputRoot,
    maxPrice: parameters.maxPrice,
  })
  if (parameters.fund ?? true)
    await fundRequester(client, draft.maxTotal, report, draft.payToken)
  signal?.throwIfAborted()
  let order = draft
  let jobId: Hex
  if (quote) {
    const filled = await fillQuote(client, draft, report, signal)
    order = filled.order
    jobId = filled.jobId
  } else {
    const signed = await signOrder(client, { order })
    jobId = signed.jobId
    yield { type: 'signed', order, ...signed }
    const relays = await sendOrder(client, servers.relays, {
      order,
      signature: signed.signature,
      announce: parameters.announce,
      report,
      signal,
    }).catch((error: unknown) => {
      throw givenUp(signal, jobId, order) ?? error
    })
    yield { type: 'announced', jobId, relays }
  }
  try {
    return yield* followJob<OutputsOf<model>>(client, {
      order,
      model,
      wait: parameters.wait,
      pollMs: parameters.pollMs,
      sources: servers.dataServers,
      checkProofs: parameters.checkProofs,
      sha256,
      signal,
    })
  } catch (error) {
    throw givenUp(signal, jobId, order) ?? error
  }
}

async function interfaceOf(
  client: LynodeClient,
  { model, sha256, signal }: Pick<RunParameters, 'model' | 'sha256' | 'signal'>,
  sources: readonly string[],
): Promise<ModelInterface> {
  if (typeof model !== 'string') return model
  return loadModel(client, { modelId: model, sources, sha256, signal })
}

/** Uploads to the first server that takes it. */
async function uploadToAny(
  servers: readonly string[],
  inputs: readonly BoundInput[],
  options: { sha256: Sha256 | undefined; signal: AbortSignal | undefined },
): Promise<Hex> {
  let failure: unknown = new LynodeError('LY-NET-004')
  for (const server of servers)
    try {
      return await uploadInputs(server, inputs, options)
    } catch (error) {
      options.signal?.throwIfAborted()
      failure = error // the next one may take it
    }
  throw failure
}

/** The strongest class of the registry's bits. */
function soldClass(classes: number): ClassName {
  for (const name of ['zk', 'exact', 'float'] as const)
    if ((classes & (1 << (classCodes[name] - 1))) !== 0) return name
  throw new LynodeError('LY-MKT-014', { details: `classes ${classes}` })
}

/** An aborted run names the job that is left: money may still move. */
function givenUp(
  signal: AbortSignal | undefined,
  jobId: Hex,
  order: Order,
): LynodeError | undefined {
  if (signal?.aborted !== true) return undefined
  const lockBy = Math.min(order.rampStart + order.lockDuration, order.expiry)
  return new LynodeError('LY-JOB-004', {
    details: `job ${jobId} can be taken until ${lockBy}; its nonce is ${order.nonce}`,
    cause: signal.reason,
  })
}
