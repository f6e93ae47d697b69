import {
  type Hex,
  LynodeError,
  type Manifest,
  type ManifestValue,
  type TensorDocument,
  type TensorType,
  type TraceDocument,
} from '@lynode/sdk'
import type { BlobReader } from '../blobs/blobStore.js'
import type { ModelFile } from '../models/openModelFile.js'
import type {
  CommittedOutput,
  ExecutionMode,
  RunnerTimings,
} from '../runner/messages.js'
import type { Runner } from '../runner/runner.js'
import type { StepInput, StepResult } from './stepInputs.js'

export type RunStepOptions = {
  runner: Runner
  model: ModelFile
  inputs: readonly StepInput[]
  /** Where the operands are. */
  reader: BlobReader
  /** Blob directory that receives the tensors. */
  spool: string
  /** Default `plain`. */
  mode?: ExecutionMode | undefined
}

/** Fast path: the outputs of one step. */
export async function runStep(
  options: RunStepOptions,
): Promise<{ result: StepResult; timings: RunnerTimings }> {
  const { mode, model } = options
  const { manifest } = model
  const path = mode === 'native' ? await model.nativePath() : model.path
  const { outputs, timings } = await options.runner.run({
    model: { path },
    mode,
    inputs: operands(options),
    outputs: named(manifest, 'output'),
    spool: options.spool,
  })
  return { result: stepResult(manifest, outputs), timings }
}

/** Traced path: outputs and every activation of one step. */
export async function traceStep(options: RunStepOptions): Promise<{
  result: StepResult
  trace: TraceDocument
  timings: RunnerTimings
}> {
  const { manifest } = options.model
  const activations = named(manifest, 'activation')
  const { outputs, timings } = await options.runner.trace({
    model: { path: await options.model.tracedPath() },
    mode: options.mode,
    inputs: operands(options),
    outputs: [...activations, ...named(manifest, 'output')],
    spool: options.spool,
  })
  const tensors = outputs
    .slice(0, activations.length)
    .map((output, i) => tensorDocument(typeAt(activations, i), output.dataRoot))
  return {
    result: stepResult(manifest, outputs.slice(activations.length)),
    trace: { kind: 'trace', tensors },
    timings,
  }
}

function operands({ inputs, reader }: RunStepOptions) {
  return inputs.map(({ name, tensor }) => ({
    name,
    type: tensor,
    source: { path: reader.pathOf(tensor.dataRoot) },
  }))
}

/** Values of a kind: activations by trace index, outputs by value index. */
function named(manifest: Manifest, kind: 'activation' | 'output') {
  const order = (value: ManifestValue, index: number) =>
    value.kind === 'activation' ? value.traceIndex : index
  return manifest.values
    .map((value, index) => ({ value, at: order(value, index) }))
    .filter(({ value }) => value.kind === kind)
    .sort((a, b) => a.at - b.at)
    .map(({ value: { name, type } }) => ({ name, type }))
}

function stepResult(
  manifest: Manifest,
  outputs: readonly CommittedOutput[],
): StepResult {
  const result = { carried: [], outputs: [] } as {
    [key in keyof StepResult]: StepResult[key][number][]
  }
  const byName = new Map(outputs.map((output) => [output.name, output]))
  for (const value of manifest.values) {
    if (value.kind !== 'output') continue
    const output = byName.get(value.name)
    if (output === undefined)
      throw new LynodeError('LY-RUNNER-001', {
        shortMessage: `the runner gave no ${value.name}`,
      })
    const list = value.carried ? result.carried : result.outputs
    list[value.slot] = tensorDocument(value.type, output.dataRoot)
  }
  return result
}

function typeAt(
  list: readonly { type: ManifestValue['type'] }[],
  index: number,
): ManifestValue['type'] {
  const entry = list[index]
  if (entry === undefined) throw new RangeError(`no activation ${index}`)
  return entry.type
}

/** A type with its data root, and nothing else. */
function tensorDocument(
  { dtype, dims, perm }: TensorType,
  dataRoot: Hex,
): TensorDocument {
  return { dtype, dims, perm, dataRoot }
}
