import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  BlobStore,
  type Daemon,
  type ExecutionMode,
  errorText,
  fetchInputs,
  LayeredBlobs,
  nodeSha256,
  replaySegment,
  stateBefore,
  stepInputs,
  traceStep,
  writeDurably,
} from '@lynode/runtime'
import {
  byteLength,
  endsSegment,
  type Hex,
  type InputsDocument,
  type Order,
  parseTraceDocument,
  type ResultDocument,
  resultRootOf,
  type StatesDocument,
  segmentOf,
  type TraceDocument,
  traceRootOf,
} from '@lynode/sdk'
import type { AuditRow } from './auditTable.js'
import { servedResult } from './claimedResult.js'
import { inMode } from './inMode.js'
import { providerClient } from './providerClient.js'

/** What an audit finds, as the contract has it. */
export const findings = { agrees: 1, differs: 2 } as const

/** What this machine computed of the audited step, and what it answers for. */
export type OwnStep = {
  traceRoot: Hex
  finding: number
  ms: number
}

/** On the disk, until nobody can ask any more. */
type StoredStep = {
  step: number
  mode: ExecutionMode
  inputs: InputsDocument
  result: ResultDocument
  states: StatesDocument | undefined
  trace: TraceDocument
}

/** Bytes that an audit needs are not to be had. */
export class BytesWithheld extends Error {
  override readonly name = 'BytesWithheld'
}

/**
 * Runs the step that the seed chose from the job's inputs and the carried state
 * that was delivered, and keeps its whole trace: the verifier answers for it
 * (RULES E2). Nothing of it is served before the reveal.
 *
 * @throws LynodeError `LY-MODEL-006` when the kernels of this machine do not keep
 * the model's numeric profile; BytesWithheld when inputs, or the state before the step, are not served.
 */
export async function auditStep(
  daemon: Daemon,
  order: Order,
  row: AuditRow,
  step: number,
): Promise<OwnStep> {
  const { runner, logger, models, metrics } = daemon
  const start = performance.now()
  const model = await models.load(order.modelId)
  const { manifest } = model
  await daemon.profiles.require(manifest)
  const endpoint = daemon.endpointOf(row.providerId)
  const inputs = await fetchInputs(daemon.blobClient, model, order, [
    endpoint,
  ]).catch((error: unknown) => {
    throw new BytesWithheld(`the inputs: ${errorText(error)}`)
  })
  const client = providerClient(daemon, endpoint, row.window)
  const single = order.steps === 1
  const claimed = single
    ? undefined
    : await servedResult(daemon, client, manifest, row.resultRoot, order.steps)
  if (!single && claimed === undefined)
    throw new BytesWithheld('the result document')

  const spool = spoolOf(daemon, row.execId)
  const { segment } = manifest.header
  const { first } = segmentOf(step, segment, order.steps)
  if (first > 0)
    for (const tensor of claimed?.steps[first - 1]?.carried ?? [])
      await client
        .fetchBlob(tensor.dataRoot, byteLength(tensor))
        .catch((error: unknown) => {
          throw new BytesWithheld(
            `the state before step ${first}: ${errorText(error)}`,
          )
        })

  const reader = new LayeredBlobs(() => [spool, daemon.reader])
  let last: (StoredStep & { agrees: boolean }) | undefined
  for (const mode of ['native', 'plain'] as const) {
    const ran = await inMode(logger, mode, run)
    last = ran ?? last
    if (ran?.agrees === true) break
  }
  // Invariant: the plain run returns or throws.
  if (last === undefined) throw new Error('no run of ours')
  const { agrees, ...stored } = last
  const file = fileIn(spool)
  await writeDurably(file, JSON.stringify(stored))
  const ms = performance.now() - start
  metrics.inference.observe(
    { path: 'audit', model: metrics.modelLabel(order.modelId) },
    ms / 1_000,
  )
  return {
    traceRoot: rootOf(stored.trace),
    finding: agrees ? findings.agrees : findings.differs,
    ms,
  }

  async function run(
    mode: ExecutionMode,
  ): Promise<StoredStep & { agrees: boolean }> {
    const before = await stateIn(mode)
    const traced = await traceStep({
      runner,
      model,
      inputs: stepInputs(
        manifest,
        inputs,
        step,
        claimed && stateBefore(claimed, before, step),
      ),
      reader,
      spool: spool.folder,
      mode,
    })
    const result: ResultDocument = claimed ?? {
      kind: 'result',
      segment,
      steps: [traced.result],
    }
    const delivered = claimed?.steps[step]
    const agrees =
      delivered === undefined
        ? resultRootOf(result, nodeSha256) === row.resultRoot
        : JSON.stringify(traced.result.outputs) ===
            JSON.stringify(delivered.outputs) &&
          (!endsSegment(step, segment, order.steps) ||
            JSON.stringify(traced.result.carried) ===
              JSON.stringify(delivered.carried))
    return {
      step,
      mode,
      inputs,
      result,
      states: before,
      trace: traced.trace,
      agrees,
    }
  }

  /** Within a segment only its beginning is delivered: the steps before are run again. */
  async function stateIn(
    mode: ExecutionMode,
  ): Promise<StatesDocument | undefined> {
    if (claimed === undefined || step === first) return undefined
    const { states } = await replaySegment({
      runner,
      model,
      inputs,
      result: claimed,
      step,
      reader,
      spool: spool.folder,
      mode,
    })
    // Its end is committed, whatever it is here: we answer for what led to the step.
    const { length } = segmentOf(step, segment, order.steps)
    const end = claimed.steps[first + length - 1]?.carried ?? []
    return { kind: 'states', steps: [...states.steps.slice(0, -1), end] }
  }
}

/** What the answers to demands on our attestation are made of. */
export type AuditedStep = {
  commitments: Pick<StoredStep, 'inputs' | 'result' | 'states' | 'trace'>
  blobs: BlobStore
}

/** The audited step, if this machine audited it. */
export async function storedStep(
  daemon: Daemon,
  execId: Hex,
): Promise<AuditedStep | undefined> {
  const blobs = spoolOf(daemon, execId)
  const stored = await storedIn(blobs)
  if (stored === undefined) return undefined
  const { inputs, result, states, trace } = stored
  return { commitments: { inputs, result, states, trace }, blobs }
}

/**
 * The audited step, or one before it in its segment, which we ran to get there
 * and answer for as well: its trace is made when it is asked for, and kept (B8).
 */
export async function stepBehind(
  daemon: Daemon,
  execId: Hex,
  order: Order,
  step: number,
): Promise<AuditedStep | undefined> {
  const blobs = spoolOf(daemon, execId)
  const stored = await storedIn(blobs)
  if (stored === undefined) return undefined
  const { inputs, result, states, mode } = stored
  const keep = (trace: TraceDocument) => ({
    commitments: { inputs, result, states, trace },
    blobs,
  })
  if (step === stored.step) return keep(stored.trace)
  const file = join(blobs.folder, `trace-${step}.json`)
  if (existsSync(file))
    return keep(parseTraceDocument(JSON.parse(await readFile(file, 'utf8'))))
  const { runner, models, reader, documents, logger } = daemon
  const model = await models.load(order.modelId)
  const traced = await traceStep({
    runner,
    model,
    inputs: stepInputs(
      model.manifest,
      inputs,
      step,
      stateBefore(result, states, step),
    ),
    reader: new LayeredBlobs(() => [blobs, reader]),
    spool: blobs.folder,
    mode,
  })
  const after = stateBefore(result, states, step + 1)
  if (JSON.stringify(traced.result.carried) !== JSON.stringify(after?.carried))
    logger.error(
      { event: 'trace.differs', execId, step },
      'the traced run carries another state than the audit did',
    )
  await writeDurably(file, JSON.stringify(traced.trace))
  await documents.put(traced.trace)
  return keep(traced.trace)
}

async function storedIn(blobs: BlobStore): Promise<StoredStep | undefined> {
  const file = fileIn(blobs)
  if (!existsSync(file)) return undefined
  return JSON.parse(await readFile(file, 'utf8')) as StoredStep
}

/** Removes what an audit left on the disk. */
export async function forgetStep(daemon: Daemon, execId: Hex): Promise<void> {
  await spoolOf(daemon, execId).remove()
}

function rootOf(trace: TraceDocument): Hex {
  return trace.tensors.length === 0
    ? `0x${'0'.repeat(64)}`
    : traceRootOf(trace, nodeSha256)
}

function spoolOf({ config }: Daemon, execId: Hex): BlobStore {
  return new BlobStore(join(config.dataDir, 'audits', execId.slice(2)))
}

function fileIn({ folder }: BlobStore): string {
  return join(folder, 'step.json')
}
