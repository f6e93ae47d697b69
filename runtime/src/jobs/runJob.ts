import type { InputsDocument, ResultDocument } from '@lynode/sdk'
import type { BlobReader } from '../blobs/blobStore.js'
import type { LoadedModel } from '../models/modelLibrary.js'
import type { ExecutionMode } from '../runner/messages.js'
import type { Runner } from '../runner/runner.js'
import { runStep } from './runStep.js'
import { type StepResult, stepInputs } from './stepInputs.js'

export type RunJobOptions = {
  runner: Runner
  model: LoadedModel
  inputs: InputsDocument
  reader: BlobReader
  /** Blob directory that receives the outputs. */
  spool: string
  /** Default `plain`. */
  mode?: ExecutionMode | undefined
}

/** Runs all steps in order, carried outputs fed back (docs/protocol.md section 4). */
export async function runJob(
  options: RunJobOptions,
): Promise<{ result: ResultDocument; runMs: number }> {
  const { runner, model, inputs, reader, spool, mode } = options
  const steps: StepResult[] = []
  let runMs = 0
  for (let step = 0; step < inputs.steps.length; step++) {
    const { result, timings } = await runStep({
      runner,
      model,
      inputs: stepInputs(model.manifest, inputs, step, steps[step - 1]),
      reader,
      spool,
      mode,
    })
    steps.push(result)
    runMs += timings.loadMs + timings.runMs + timings.commitMs + timings.storeMs
  }
  return { result: { kind: 'result', steps }, runMs }
}
