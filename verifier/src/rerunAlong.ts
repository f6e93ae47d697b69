import {
  type BlobStore,
  type Daemon,
  type ExecutionMode,
  type LoadedModel,
  runSegment,
  type StepResult,
} from '@lynode/runtime'
import {
  type InputsDocument,
  type ResultDocument,
  segmentOf,
} from '@lynode/sdk'
import { inMode } from './inMode.js'

/** An execution of ours: of all steps, or up to the segment that differs. */
export type OwnRun = {
  mode: ExecutionMode
  result: ResultDocument
  runMs: number
}

export type RerunAlongOptions = {
  daemon: Daemon
  model: LoadedModel
  inputs: InputsDocument
  claimed: ResultDocument
  blobs: BlobStore
  /** Steps that need no check: whole segments, whose last state is at hand. */
  from: number
}

/**
 * Runs a job again segment by segment, each from the provider's own checkpoint,
 * and stops at the first one that ends elsewhere: two honest machines drift
 * apart, so that a run from one's own state proves less the longer it goes (B8).
 *
 * @returns One run a mode, none when everything agrees.
 */
export async function rerunAlong(
  options: RerunAlongOptions,
): Promise<{ runs: OwnRun[]; runMs: number }> {
  const { daemon, model, inputs, claimed, blobs, from } = options
  const { segment, steps } = claimed
  // The provider ran natively or plainly: the mode that gave its bits goes first.
  let modes: ExecutionMode[] = ['native', 'plain']
  let runMs = 0
  for (let done = from; done < steps.length; ) {
    const { index, first, length } = segmentOf(done, segment, steps.length)
    const wanted = JSON.stringify(steps.slice(first, first + length))
    const runs: OwnRun[] = []
    let agreed: ExecutionMode | undefined
    for (const mode of modes) {
      const ran = await segmentIn(mode, steps[first - 1], index)
      if (ran === undefined) continue
      runMs += ran.runMs
      if (JSON.stringify(ran.steps) === wanted) {
        agreed = mode
        break
      }
      const result: ResultDocument = {
        kind: 'result',
        segment,
        steps: [...steps.slice(0, first), ...ran.steps],
      }
      runs.push({ mode, result, runMs })
    }
    if (agreed === undefined) return { runs, runMs }
    modes = [agreed, ...modes.filter((mode) => mode !== agreed)]
    done = first + length
  }
  return { runs: [], runMs }

  async function segmentIn(
    mode: ExecutionMode,
    before: StepResult | undefined,
    index: number,
  ): Promise<{ steps: StepResult[]; runMs: number } | undefined> {
    return inMode(daemon.logger, mode, async () => {
      const { steps, timings } = await runSegment({
        runner: daemon.runner,
        reader: daemon.reader,
        model,
        inputs,
        index,
        before,
        spool: blobs.folder,
        mode,
      })
      return { steps, runMs: timings.loadMs + timings.runMs + timings.commitMs }
    })
  }
}
