import { join } from 'node:path'
import {
  type BlobClient,
  BlobStore,
  type Daemon,
  type LoadedModel,
  stateBefore,
  stepInputs,
  traceStep,
} from '@lynode/runtime'
import type {
  Hex,
  InputsDocument,
  Order,
  ResultDocument,
  TraceDocument,
} from '@lynode/sdk'
import type { CheckTable } from './checkTable.js'
import { demandedResult, servedResult } from './claimedResult.js'
import type { Demands } from './demands.js'
import {
  type DisputedStep,
  type DisputedStepOptions,
  differingStep,
  disputedStep,
} from './disputedStep.js'
import { claimedTrace, Evidence } from './evidence.js'
import type { OwnRun } from './rerunAlong.js'
import { type CheckResult, type Searched, searchTrace } from './searchTrace.js'

/** What a dispute is about. */
export type Disputed = {
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

/** What became of a dispute, and what was disputed. */
export type Dispute = {
  found: CheckResult
  claimed: ResultDocument
  candidate: Candidate
}

/** Looks for the wrong element in the first step that no run of ours gives. */
export async function dispute(
  options: Disputed,
  runs: readonly OwnRun[],
  served: ResultDocument | undefined,
): Promise<Dispute> {
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

  if (steps === 1) ask(options, 0)
  let claimed =
    served ?? (await servedResult(daemon, client, manifest, resultRoot, steps))
  if (claimed === undefined) {
    // Which step of a segment is wrong shows only later (B8).
    if (manifest.header.segment === 1)
      for (let step = 0; step < steps; step++) ask(options, step)
    claimed = await demandedResult(demands, manifest, resultRoot, steps)
  }
  const candidates = await firstDifference(
    { daemon, demands, model, inputs, client, claimed, spool: blobs.folder },
    runs,
  )
  const found = await disputeStep(options, claimed, candidates)
  return { found, claimed, candidate: candidates[0] }
}

/** Looks for the wrong element in one step. */
export async function disputeStep(
  options: Disputed,
  claimed: ResultDocument,
  candidates: Candidates,
): Promise<CheckResult> {
  const { daemon, demands, model, inputs, blobs, client } = options
  const { step } = candidates[0].found
  const [traceRoots, { own, found, trace }] = await Promise.all([
    tracedBy(options, step),
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

/** The roots of a step's trace, demanded; none where nothing lies between inputs and outputs. */
async function tracedBy(
  { demands, model }: Disputed,
  step: number,
): Promise<Hex[]> {
  return model.manifest.header.activations === 0 ? [] : demands.trace(step)
}

/** Asks for a trace before it is needed. */
function ask(options: Disputed, step: number): void {
  tracedBy(options, step).catch(() => undefined) // seen by whoever disputes it
}

/** A run of ours, and where the provider left it. */
export type Candidate = { own: OwnRun; found: DisputedStep }

/** Those of both modes, or of one. */
export type Candidates = readonly [Candidate, ...Candidate[]]

/** The runs of ours that agree longest, and the step at which they no longer do. */
async function firstDifference(
  options: Omit<DisputedStepOptions, 'own' | 'mode'>,
  runs: readonly OwnRun[],
): Promise<Candidates> {
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
  candidates: Candidates,
): Promise<Candidate & { trace: TraceDocument }> {
  let last: (Candidate & { trace: TraceDocument }) | undefined
  for (const { own, found } of candidates) {
    const { step } = found
    const { result, trace } = await traceStep({
      runner,
      model,
      // What it begins with is the provider's: the steps before agree, or were laid in.
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
