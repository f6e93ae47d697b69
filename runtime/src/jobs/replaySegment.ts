import {
  endsSegment,
  type InputsDocument,
  type ResultDocument,
  type StatesDocument,
  segmentOf,
} from '@lynode/sdk'
import type { BlobReader } from '../blobs/blobStore.js'
import type { LoadedModel } from '../models/modelLibrary.js'
import type { ExecutionMode } from '../runner/messages.js'
import type { Runner } from '../runner/runner.js'
import { runSegment } from './runSegment.js'
import type { StepResult } from './stepInputs.js'

export type ReplaySegmentOptions = {
  runner: Runner
  model: LoadedModel
  inputs: InputsDocument
  result: ResultDocument
  /** Any step of the segment. */
  step: number
  reader: BlobReader
  /** Blob directory that receives the states. */
  spool: string
  /** Default `plain`. */
  mode?: ExecutionMode | undefined
}

/**
 * Runs a segment again from the checkpoint before it and keeps what every step
 * carried: the answer to a step demand (B8).
 */
export async function replaySegment(
  options: ReplaySegmentOptions,
): Promise<{ states: StatesDocument; steps: StepResult[] }> {
  const { result, step } = options
  const { index, first } = segmentOf(step, result.segment, result.steps.length)
  const { steps } = await runSegment({
    ...options,
    index,
    before: result.steps[first - 1],
    every: true,
  })
  return {
    states: { kind: 'states', steps: steps.map(({ carried }) => carried) },
    steps,
  }
}

/** What a step begins with: the result of the step before, in or before its segment. */
export function stateBefore(
  result: ResultDocument,
  states: StatesDocument | undefined,
  step: number,
): StepResult | undefined {
  if (step === 0) return undefined
  const { segment, steps } = result
  if (endsSegment(step - 1, segment, steps.length)) return steps[step - 1]
  const { first } = segmentOf(step, segment, steps.length)
  const carried = states?.steps[step - 1 - first]
  return carried && { carried, outputs: steps[step - 1]?.outputs ?? [] }
}
