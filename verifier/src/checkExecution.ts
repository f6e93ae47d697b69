import { join } from 'node:path'
import {
  type BlobClient,
  BlobStore,
  type Daemon,
  type ExecutionMode,
  errorText,
  fetchInputs,
  type LoadedModel,
  nodeSha256,
  runJob,
  stateBefore,
  stepInputs,
  traceStep,
} from '@lynode/runtime'
import {
  byteLength,
  classCodes,
  getExecution,
  getJob,
  type Hex,
  type InputsDocument,
  type Order,
  type ResultDocument,
  resultRootOf,
  type TraceDocument,
} from '@lynode/sdk'
import { checkProved } from './checkProved.js'
import type { CheckRow, CheckTable, Verdict } from './checkTable.js'
import { demandedResult, servedResult } from './claimedResult.js'
import { convicted } from './convicted.js'
import { demandedInputs } from './demandedInputs.js'
import { Demands } from './demands.js'
import {
  type DisputedStep,
  type DisputedStepOptions,
  differingStep,
  disputedStep,
} from './disputedStep.js'
import { claimedTrace, Evidence } from './evidence.js'
import { ExecutionOver, NotShown } from './outcome.js'
import { resumeProof } from './proveElement.js'
import { providerClient } from './providerClient.js'
import { type OwnRun, rerunAlong } from './rerunAlong.js'
import { type CheckResult, type Searched, searchTrace } from './searchTrace.js'
import { standingOf } from './standingOf.js'

/**
 * Checks one delivered execution by running it again, and convicts it where a
 * number is wrong (DESIGN section 6). Everything it does on chain has a key, so
 * that a repeated check goes on where the first one stopped.
 *
 * @throws what keeps it from a verdict now; call again.
 */
export async function checkExecution(
  daemon: Daemon,
  table: CheckTable,
  row: CheckRow,
  look = false,
): Promise<CheckResult> {
  const blobs = storeOf(daemon, row)
  daemon.layers.add(blobs)
  try {
    const result = await check(daemon, table, row, blobs, look)
    await blobs.remove()
    return result
  } catch (error) {
    if (error instanceof NotShown) {
      await blobs.remove()
      return { verdict: 'differs', details: { missing: error.message } }
    }
    if (!(error instanceof ExecutionOver)) throw error
    await blobs.remove()
    return {
      verdict:
        error.how === 'withheld' ? 'withheld' : await outcomeOf(daemon, row),
      details: {},
    }
  } finally {
    daemon.layers.delete(blobs)
  }
}

/** Removes what a check without a verdict left on the disk. */
export async function forgetCheck(
  daemon: Daemon,
  row: CheckRow,
): Promise<void> {
  await storeOf(daemon, row).remove()
}

function storeOf({ config }: Daemon, { execId }: CheckRow): BlobStore {
  return new BlobStore(join(config.dataDir, 'checks', execId.slice(2)))
}

async function check(
  daemon: Daemon,
  table: CheckTable,
  row: CheckRow,
  blobs: BlobStore,
  look: boolean,
): Promise<CheckResult> {
  const { execId, jobId, resultRoot } = row
  const order = table.orderOf(jobId)
  if (order === undefined) return unchecked('its order was never announced')
  if (order.class === classCodes.zk) return checkProved(daemon, order, row)
  const options = { daemon, table, execId, order }
  const job = await getJob(daemon.client, { jobId })
  const resumed = look ? undefined : await resumeProof(options)
  if (resumed !== undefined)
    return convicted(daemon, order, { ...row, since: job.time }, resumed)

  const standing = standingOf(job, row)
  if (!look && standing === 'behind')
    throw new Error('the node does not know of the delivery')
  if (!look && standing === 'over') throw new ExecutionOver('closed')
  const endpoint = daemon.endpointOf(row.providerId)
  const model = await daemon.models.load(order.modelId)
  const { manifest } = model
  const { steps } = order
  const demands = new Demands({
    daemon,
    table,
    execId,
    order,
    manifest,
    look,
  })
  const inputs = await inputsOf(daemon, model, order, endpoint, {
    demands,
    blobs,
    // Earlier a server may only be slow; later there is no time for answers.
    demandFrom: look
      ? Number.POSITIVE_INFINITY
      : job.time + Math.floor(job.window / 3),
  })

  // Trace demands close with the window (A3): no wait for a server may delay
  // them, or a provider whose server hangs could not be asked any more.
  const client = providerClient(daemon, endpoint, job.window)
  const disputed = {
    ...options,
    row: { ...row, since: job.time },
    demands,
    model,
    inputs,
    blobs,
    client,
    look,
  }
  const claimed =
    manifest.header.segment === 1
      ? undefined
      : await servedResult(daemon, client, manifest, resultRoot, steps)
  if (claimed !== undefined) return checkAlong(disputed, claimed)

  // The provider ran natively or plainly: whichever gives its bits settles it.
  const runs: OwnRun[] = []
  for (const mode of ['native', 'plain'] as const) {
    const own = await rerun(daemon, model, inputs, blobs, mode)
    if (own === undefined) continue
    daemon.metrics.inference.observe(
      { path: 'fast', model: daemon.metrics.modelLabel(order.modelId) },
      own.runMs / 1_000,
    )
    if (resultRootOf(own.result, nodeSha256) === resultRoot)
      return { verdict: 'ok', details: { ms: Math.round(own.runMs), mode } }
    runs.push(own)
  }
  return dispute(disputed, runs, undefined)
}

/** Disputes over one job that end in nothing: each costs a bond. */
const mostDisputes = 3

/**
 * Checks a job with segments from the provider's own checkpoints. Where another
 * machine's rounding explains a segment, it goes on behind it (B8).
 */
async function checkAlong(
  options: Disputed,
  claimed: ResultDocument,
): Promise<CheckResult> {
  const { daemon, model, inputs, blobs, client } = options
  let from = 0
  let last: CheckResult | undefined
  for (let disputes = 0; disputes < mostDisputes; disputes++) {
    const { runs, runMs } = await rerunAlong({
      daemon,
      model,
      inputs,
      claimed,
      blobs,
      from,
    })
    daemon.metrics.inference.observe(
      { path: 'fast', model: daemon.metrics.modelLabel(options.order.modelId) },
      runMs / 1_000,
    )
    const [run] = runs
    if (run === undefined)
      return last ?? { verdict: 'ok', details: { ms: Math.round(runMs) } }
    last = await dispute(options, runs, claimed)
    if (last.verdict !== 'tolerated') return last
    from = run.result.steps.length
    const state = claimed.steps[from - 1]?.carried ?? []
    try {
      for (const tensor of state)
        await client.fetchBlob(tensor.dataRoot, byteLength(tensor))
    } catch {
      return last // not served: there is nothing to go on from
    }
  }
  return last ?? unchecked('nothing was disputed')
}

/** What a dispute is about. */
type Disputed = {
  /** Sends nothing. */
  look: boolean
  daemon: Daemon
  table: CheckTable
  execId: Hex
  order: Order
  row: Searched
  demands: Demands
  model: LoadedModel
  inputs: InputsDocument
  blobs: BlobStore
  client: BlobClient
}

/** Looks for the wrong element in the first step that no run of ours gives. */
async function dispute(
  options: Disputed,
  runs: readonly OwnRun[],
  served: ResultDocument | undefined,
): Promise<CheckResult> {
  const { daemon, order, row, demands, model, inputs, blobs, client } = options
  const { execId, jobId, resultRoot } = row
  const { manifest } = model
  const { steps } = order
  daemon.logger.warn(
    {
      event: 'job.mismatch',
      jobId,
      execId,
      providerId: row.providerId,
      ms: Math.round(runs.at(-1)?.runMs ?? 0),
    },
    'the delivered result is not ours',
  )

  const traceOf = memoised((step) =>
    manifest.header.activations === 0
      ? Promise.resolve([])
      : demands.trace(step),
  )
  if (steps === 1) void traceOf(0)
  let claimed =
    served ?? (await servedResult(daemon, client, manifest, resultRoot, steps))
  if (claimed === undefined) {
    // Which step of a segment is wrong shows only later (B8).
    if (manifest.header.segment === 1)
      for (let step = 0; step < steps; step++) void traceOf(step)
    claimed = await demandedResult(demands, manifest, resultRoot, steps)
  }
  const candidates = await firstDifference(
    { daemon, demands, model, inputs, client, claimed, spool: blobs.folder },
    runs,
  )
  const { step } = candidates[0].found
  const [traceRoots, { own, found, trace }] = await Promise.all([
    traceOf(step),
    ownTrace(daemon, model, inputs, blobs, candidates),
  ])
  const evidence = new Evidence({
    daemon,
    demands,
    model,
    step,
    client,
    inputs,
    claimed: {
      result: claimed,
      states: found.claimed,
      traceRoots,
      trace: await claimedTrace(client, traceRoots),
    },
    own: { result: own.result, trace, states: found.own },
    ownBlobs: blobs,
    claimedBlobs: new BlobStore(join(blobs.folder, 'claimed')),
  })
  return searchTrace({
    ...options,
    evidence,
    step,
    traceRoots,
    stateRoots: found.claimed?.roots ?? [],
  })
}

/**
 * The inputs, from whoever serves them; demanded on chain when nobody does.
 *
 * @throws what kept them from being fetched, before `demandFrom`.
 */
async function inputsOf(
  daemon: Daemon,
  model: LoadedModel,
  order: Order,
  endpoint: string,
  withheld: { demands: Demands; blobs: BlobStore; demandFrom: number },
): Promise<InputsDocument> {
  try {
    return await fetchInputs(daemon.blobClient, model, order, [endpoint])
  } catch (error) {
    const { demands, blobs, demandFrom } = withheld
    if (daemon.now() < demandFrom) throw error
    daemon.logger.warn(
      { event: 'inputs.withheld', inputRoot: order.inputRoot },
      'nobody serves the inputs: they are demanded on chain',
    )
    const { manifest } = model
    const { inputRoot, steps } = order
    return demandedInputs(demands, manifest, inputRoot, steps, blobs)
  }
}

async function rerun(
  { runner, reader, logger }: Daemon,
  model: LoadedModel,
  inputs: InputsDocument,
  blobs: BlobStore,
  mode: ExecutionMode,
): Promise<OwnRun | undefined> {
  const options = { runner, model, inputs, reader, spool: blobs.folder, mode }
  if (mode === 'plain') return { mode, ...(await runJob(options)) }
  try {
    return { mode, ...(await runJob(options)) }
  } catch (error) {
    logger.warn(
      { event: 'model.native', error: errorText(error) },
      'the model does not run natively',
    )
    return undefined
  }
}

/** A run of ours, and where the provider left it. */
type Candidate = { own: OwnRun; found: DisputedStep }

/** The runs of ours that agree longest, and the step at which they no longer do. */
async function firstDifference(
  options: Omit<DisputedStepOptions, 'own' | 'mode'>,
  runs: readonly OwnRun[],
): Promise<[Candidate, ...Candidate[]]> {
  const longest = longestAgreement(
    runs.map((own) => ({
      own,
      step: differingStep(options.claimed, own.result),
    })),
  )
  const found: Candidate[] = []
  // One after the other: all ask for the states of one segment.
  for (const { own } of longest)
    found.push({
      own,
      found: await disputedStep({
        ...options,
        own: own.result,
        mode: own.mode,
      }),
    })
  const [first, ...others] = longestAgreement(
    found.map((candidate) => ({ ...candidate, step: candidate.found.step })),
  )
  // Invariant: there is a run, and each has a step that differs.
  if (first === undefined) throw new Error('no run of ours differs')
  return [first, ...others]
}

function longestAgreement<T extends { step: number }>(places: readonly T[]) {
  const last = Math.max(...places.map(({ step }) => step))
  return places.filter(({ step }) => step === last)
}

/** Our trace of a step, in the mode whose trace has the bits of its fast run. */
async function ownTrace(
  { runner, reader }: Daemon,
  model: LoadedModel,
  inputs: InputsDocument,
  blobs: BlobStore,
  candidates: readonly [Candidate, ...Candidate[]],
): Promise<Candidate & { trace: TraceDocument }> {
  let last: (Candidate & { trace: TraceDocument }) | undefined
  for (const { own, found } of candidates) {
    const { step } = found
    const { result, trace } = await traceStep({
      runner,
      model,
      // The steps before agree, so our carried state is the provider's.
      inputs: stepInputs(
        model.manifest,
        inputs,
        step,
        stateBefore(own.result, found.own, step),
      ),
      reader,
      spool: blobs.folder,
      mode: own.mode,
    })
    last = { own, found, trace }
    const fast = stateBefore(own.result, found.own, step + 1)
    if (JSON.stringify(result) === JSON.stringify(fast)) break
  }
  // Invariant: there is a run of ours.
  if (last === undefined) throw new Error('no run of ours differs')
  return last
}

/** One promise a step; a rejection waits for whoever asks for that step. */
function memoised<T>(
  make: (step: number) => Promise<T>,
): (step: number) => Promise<T> {
  const made = new Map<number, Promise<T>>()
  return (step) => {
    const promise = made.get(step) ?? make(step)
    made.set(step, promise)
    promise.catch(() => undefined) // seen by whoever awaits it
    return promise
  }
}

async function outcomeOf(daemon: Daemon, row: CheckRow): Promise<Verdict> {
  const { outcome } = await getExecution(daemon.client, { execId: row.execId })
  return outcome === 'convicted' ? 'fraud' : 'closed'
}

function unchecked(reason: string): CheckResult {
  return { verdict: 'unchecked', details: { reason } }
}
