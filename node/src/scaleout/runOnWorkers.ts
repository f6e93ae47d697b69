import type {
  BlobReader,
  ExecutionMode,
  LoadedModel,
  RunJobOptions,
  StepResult,
} from '@lynode/runtime'
import {
  type Hex,
  type InputsDocument,
  LynodeError,
  type Order,
  type ResultDocument,
} from '@lynode/sdk'
import { itemId, type WorkResult } from './workItem.js'
import type { WorkQueue } from './workQueue.js'

export type RunOnWorkersOptions = {
  queue: Pick<WorkQueue, 'run'>
  jobId: Hex
  attempt: number
  order: Pick<Order, 'inputRoot' | 'steps'>
  model: Pick<LoadedModel, 'manifest'>
  inputs: InputsDocument
  mode: ExecutionMode
  /** Base URL under which workers reach the data server of this node. */
  source: string
  /** Where the outputs must be in the end. */
  reader: Pick<BlobReader, 'has'>
  /** Seconds of a step, where they are known. */
  stepSeconds: number | undefined
  /** Milliseconds that a segment may take. */
  deadlineMs: number
} & Pick<RunJobOptions, 'done' | 'onSegment'>

/** Seconds of work that an item should hold: less is spent on handing it over. */
const itemSeconds = 2

/**
 * Runs the steps of a job on the workers of a queue. Segments that carry nothing
 * are handed out side by side; those that carry follow one another, and each is
 * a checkpoint.
 *
 * @throws LynodeError `LY-QUEUE-003` when a worker's result is not complete.
 */
export async function runOnWorkers(
  options: RunOnWorkersOptions,
): Promise<{ result: ResultDocument; runMs: number }> {
  const { queue, model, inputs, onSegment } = options
  const { segment, carried, fileRoot, fileBytes } = model.manifest.header
  const segments = Math.ceil(inputs.steps.length / segment)
  const steps: StepResult[] = [...(options.done ?? [])]
  let at = Math.floor(steps.length / segment)
  let runMs = 0
  const each = carried > 0 ? 1 : itemSegments(options.stepSeconds, segment)

  const give = async (first: number): Promise<WorkResult> => {
    const count = Math.min(each, segments - first)
    const id = itemId(options.jobId, options.attempt, { first, count })
    const result = await queue.run(id, {
      source: options.source,
      modelId: model.manifest.modelId,
      fileRoot,
      fileBytes: Number(fileBytes),
      inputRoot: options.order.inputRoot,
      steps: options.order.steps,
      first,
      count,
      before: (carried > 0 ? steps.at(-1) : undefined) ?? null,
      mode: options.mode,
      deadlineMs: options.deadlineMs,
    })
    const expected = Math.min(
      count * segment,
      inputs.steps.length - first * segment,
    )
    const missing = result.steps
      .flatMap((step) => [...step.carried, ...step.outputs])
      .find(({ dataRoot }) => !options.reader.has(dataRoot))
    if (result.steps.length !== expected || missing !== undefined)
      throw new LynodeError('LY-QUEUE-003', {
        details: `a worker answered ${result.steps.length} of ${expected} steps, blob ${missing?.dataRoot ?? 'none'} is missing`,
      })
    return result
  }
  const keep = async (result: WorkResult) => {
    steps.push(...result.steps)
    runMs += result.runMs
    await onSegment?.(steps)
  }

  if (carried > 0) for (; at < segments; at++) await keep(await give(at))
  else {
    const given: Promise<WorkResult>[] = []
    for (; at < segments; at += each) given.push(give(at))
    for (const one of given) one.catch(() => undefined) // seen when it is its turn
    for (const one of given) await keep(await one)
  }
  return { result: { kind: 'result', segment, steps }, runMs }
}

/**
 * A power of two, so that a restart, which measures anew, mostly cuts the same
 * items and finds what is done.
 */
function itemSegments(
  stepSeconds: number | undefined,
  segment: number,
): number {
  if (!stepSeconds) return 1
  const wanted = itemSeconds / (stepSeconds * segment)
  return 2 ** Math.max(0, Math.floor(Math.log2(wanted)))
}
