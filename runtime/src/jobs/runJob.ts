import type { InputsDocument, ResultDocument } from '@lynode/sdk'
import type { BlobReader } from '../blobs/blobStore.js'
import type { ModelFile } from '../models/openModelFile.js'
import type { ExecutionMode } from '../runner/messages.js'
import type { Runner } from '../runner/runner.js'
import type { RunnerLimits } from '../runner/runnerChild.js'
import { runSegment } from './runSegment.js'
import type { StepResult } from './stepInputs.js'

export type RunJobOptions = {
  runner: Runner
  model: Pick<ModelFile, 'manifest' | 'path' | 'nativePath'>
  inputs: InputsDocument
  reader: BlobReader
  /** Blob directory that receives the outputs. */
  spool: string
  /** Default `plain`. */
  mode?: ExecutionMode | undefined
  /** What each segment may use, asked just before it. */
  limits?: (() => Partial<RunnerLimits>) | undefined
  /** Steps that an earlier run finished: whole segments, whose tensors `reader` has. */
  done?: readonly StepResult[] | undefined
  /** Called after each segment with all steps so far. */
  onSegment?: ((steps: readonly StepResult[]) => Promise<void>) | undefined
}

/** Runs all steps in order, a segment at a time (docs/protocol.md section 4). */
export async function runJob(
  options: RunJobOptions,
): Promise<{ result: ResultDocument; runMs: number }> {
  const { runner, model, inputs, reader, spool, mode, done = [] } = options
  const { segment } = model.manifest.header
  const steps: StepResult[] = [...done]
  let runMs = 0
  while (steps.length < inputs.steps.length) {
    const ran = await runSegment({
      runner,
      model,
      inputs,
      index: Math.floor(steps.length / segment),
      before: steps.at(-1),
      reader,
      spool,
      mode,
      limits: options.limits?.(),
    })
    steps.push(...ran.steps)
    const { loadMs, runMs: stepMs, commitMs, storeMs } = ran.timings
    runMs += loadMs + stepMs + commitMs + storeMs
    await options.onSegment?.(steps)
  }
  return { result: { kind: 'result', segment, steps }, runMs }
}
