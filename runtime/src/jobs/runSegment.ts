import {
  byteLength,
  type Hex,
  type InputsDocument,
  LynodeError,
  type Manifest,
  segmentOf,
  type TensorDocument,
  type TensorType,
} from '@lynode/sdk'
import { flushBlobFiles } from '../blobs/blobFiles.js'
import type { BlobReader } from '../blobs/blobStore.js'
import type { ModelFile } from '../models/openModelFile.js'
import type {
  CommittedOutput,
  ExecutionMode,
  RunnerTimings,
} from '../runner/messages.js'
import type { Runner } from '../runner/runner.js'
import type { RunnerLimits } from '../runner/runnerChild.js'
import { laterInputs, type StepResult, stepInputs } from './stepInputs.js'

export type RunSegmentOptions = {
  runner: Runner
  model: Pick<ModelFile, 'manifest' | 'path' | 'nativePath'>
  inputs: InputsDocument
  /** Index of the segment. */
  index: number
  /** Result of the step before the segment. */
  before: StepResult | undefined
  /** Commit to what every step carries, not only the last one. */
  every?: boolean | undefined
  /** Whether to commit to anything; only a measurement leaves it out. Default true. */
  commit?: boolean | undefined
  /** Where the operands are. */
  reader: BlobReader
  /** Blob directory that receives the tensors. */
  spool: string
  /** Default `plain`. */
  mode?: ExecutionMode | undefined
  /** Tighter limits than the runner's own. */
  limits?: Partial<RunnerLimits> | undefined
}

/** Runs the steps of one segment, carried outputs fed back (B8). */
export async function runSegment(
  options: RunSegmentOptions,
): Promise<{ steps: StepResult[]; timings: RunnerTimings }> {
  const { runner, model, inputs, index, before, reader, spool, mode } = options
  const { manifest } = model
  const { segment } = manifest.header
  const { first, length } = segmentOf(
    index * segment,
    segment,
    inputs.steps.length,
  )
  const { commit = true } = options
  const path = mode === 'native' ? await model.nativePath() : model.path
  const carried = commit ? outputsOf(manifest, true) : []
  const outputs = commit ? outputsOf(manifest, false) : []
  const { steps, timings } = await runner.runSteps(
    {
      model: { path },
      steps: Array.from({ length }, (_, i) =>
        (i === 0
          ? stepInputs(manifest, inputs, first, before)
          : laterInputs(manifest, inputs, first + i)
        ).map(({ name, tensor }) => ({
          name,
          type: tensor,
          source: { path: reader.pathOf(tensor.dataRoot) },
        })),
      ),
      carry: carryOf(manifest),
      carried,
      outputs,
      every: options.every ?? false,
      spool,
      mode,
    },
    options.limits,
  )
  const last = steps.at(-1)
  // What is lost of a loss in the middle, or of a replay, comes back by a replay.
  if (!options.every && last !== undefined)
    await flushBlobFiles(
      spool,
      [...last.carried, ...last.outputs].map(({ dataRoot }) => dataRoot),
    )
  return {
    steps: steps.map((step) => ({
      carried: documents(carried, step.carried),
      outputs: documents(outputs, step.outputs),
    })),
    timings,
  }
}

/** The blobs that a segment reads. */
export function segmentBlobs(
  model: Pick<ModelFile, 'manifest'>,
  inputs: InputsDocument,
  index: number,
  before: StepResult | undefined,
): { root: Hex; bytes: number }[] {
  const { manifest } = model
  const { segment } = manifest.header
  const { first, length } = segmentOf(
    index * segment,
    segment,
    inputs.steps.length,
  )
  const blobs = new Map<Hex, number>()
  for (let i = 0; i < length; i++)
    for (const { tensor } of i === 0
      ? stepInputs(manifest, inputs, first, before)
      : laterInputs(manifest, inputs, first + i))
      blobs.set(tensor.dataRoot, byteLength(tensor))
  return [...blobs].map(([root, bytes]) => ({ root, bytes }))
}

/** Outputs of one kind by slot. */
function outputsOf(
  manifest: Manifest,
  carried: boolean,
): { name: string; type: TensorType }[] {
  const outputs: { name: string; type: TensorType }[] = []
  for (const value of manifest.values)
    if (value.kind === 'output' && value.carried === carried)
      outputs[value.slot] = { name: value.name, type: value.type }
  return outputs
}

function carryOf(manifest: Manifest): [string, string][] {
  const outputs = outputsOf(manifest, true)
  return manifest.values.flatMap((value): [string, string][] => {
    const output =
      value.kind === 'input' ? outputs[value.carriedSlot] : undefined
    return output === undefined ? [] : [[output.name, value.name]]
  })
}

function documents(
  wanted: readonly { name: string; type: TensorType }[],
  committed: readonly CommittedOutput[],
): TensorDocument[] {
  return committed.map(({ dataRoot }, i) => {
    const entry = wanted[i]
    if (entry === undefined)
      throw new LynodeError('LY-RUNNER-001', {
        shortMessage: 'the runner gave more outputs than were asked for',
      })
    const { dtype, dims, perm } = entry.type
    return { dtype, dims, perm, dataRoot }
  })
}
