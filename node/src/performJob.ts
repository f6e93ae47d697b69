import {
  type Daemon,
  type ExecutionMode,
  fetchInputs,
  fingerprintOf,
  type LoadedModel,
  nodeSha256,
  runJob,
  type StepResult,
} from '@lynode/runtime'
import {
  deliverResult,
  deliverWithOutputs,
  type Job,
  LynodeError,
  parseResultDocument,
  type ResultDocument,
  resultRootOf,
  tensorHeader,
} from '@lynode/sdk'
import { JobProgress } from './jobProgress.js'
import type { JobRow, JobTable } from './jobTable.js'
import type { ModelTests } from './modelTests.js'
import { maxOutputBytes, readOutputs } from './readOutputs.js'
import { runOnWorkers } from './scaleout/runOnWorkers.js'
import type { WorkQueue } from './scaleout/workQueue.js'

/**
 * Meets the obligation of a lock: runs all steps, stores result document and
 * outputs where the data server has them, then commits to the result. A run that
 * an earlier process finished is not repeated.
 *
 * @throws LynodeError `LY-MODEL-006` when the kernels do not keep the model's
 * numeric profile: a late job costs less than one that is convicted.
 */
export async function performJob(
  daemon: Daemon,
  jobs: JobTable,
  tests: ModelTests,
  row: JobRow,
  job: Job,
  queue: WorkQueue | undefined,
): Promise<void> {
  const { outbox, contracts, logger, metrics, models } = daemon
  const { jobId, order } = row
  const model = await models.load(order.modelId)
  const usual = tests.modeOf(order.modelId)
  const stepSeconds = tests.known(order.modelId)?.stepSeconds
  const workers = queue && { queue, stepSeconds }
  const result = await resultOf(daemon, jobs, row, job, model, usual, workers)

  const resultRoot = resultRootOf(result, nodeSha256)
  const small = await smallOutputs(daemon, result)
  const call =
    small === undefined
      ? deliverResult.transaction(contracts, {
          jobId,
          resultRoot,
        })
      : deliverWithOutputs.transaction(contracts, { jobId, outputs: small })
  await outbox.send({
    key: `deliver:${jobId}:${job.attempt}`,
    kind: 'deliver',
    atStakeWei: order.collateral,
    ...call,
  })
  jobs.setState(jobId, 'delivered')
  metrics.jobs.inc({ outcome: 'delivered' })
  metrics.deadlineSlack.observe(job.time - daemon.now())
  logger.info({ event: 'job.delivered', jobId, resultRoot }, 'delivered')
}

async function resultOf(
  daemon: Daemon,
  jobs: JobTable,
  row: JobRow,
  job: Job,
  model: LoadedModel,
  usual: ExecutionMode,
  workers: { queue: WorkQueue; stepSeconds: number | undefined } | undefined,
): Promise<ResultDocument> {
  const { blobClient, blobs, documents, reader, runner, logger } = daemon
  const { metrics, config } = daemon
  const { jobId, order, resultRoot, attempt } = row
  if (resultRoot !== undefined && attempt === job.attempt)
    return parseResultDocument(await documents.get(resultRoot))
  // A standing offer may be older than what computes here now.
  await daemon.profiles.require(model.manifest)
  const inputs = await fetchInputs(blobClient, model, order)
  const { segment } = model.manifest.header
  const progress = new JobProgress(config.dataDir, jobId, job.attempt)
  const done = await progress.load(segment)
  const mode = done?.mode ?? usual
  if (done !== undefined)
    logger.info(
      { event: 'job.resumed', jobId, steps: done.steps.length },
      'resumed behind the last checkpoint',
    )
  // What is delivered late is worth nothing.
  const leftMs = () => Math.max(1, job.time - daemon.now()) * 1_000
  const shared = {
    model,
    inputs,
    reader,
    mode,
    done: done?.steps,
    onSegment: (steps: readonly StepResult[]) =>
      progress.save(segment, steps, mode),
  }
  const modelLabel = metrics.modelLabel(order.modelId)
  const running =
    workers === undefined
      ? runJob({
          ...shared,
          runner,
          spool: blobs.folder,
          limits: () => ({ deadlineMs: leftMs() }),
        })
      : runOnWorkers({
          ...shared,
          ...workers,
          jobId,
          attempt: job.attempt,
          order,
          source: config.workerUrl ?? daemon.server.url,
          deadlineMs: Math.min(leftMs(), config.deadlineSeconds * 1_000),
        })
  const { result, runMs } = await running.catch((error: unknown) => {
    const code = error instanceof LynodeError ? error.code : 'unknown'
    metrics.inferenceFailures.inc({ model: modelLabel, code })
    throw error
  })
  metrics.inference.observe({ path: 'fast', model: modelLabel }, runMs / 1_000)
  // The outputs and their document are on disk before the root is sent.
  const root = await documents.put(result)
  const fingerprint = fingerprintOf(runner, mode)
  jobs.setResult(jobId, job.attempt, root, fingerprint)
  await progress.remove()
  logger.info(
    { event: 'job.run', jobId, ms: Math.round(runMs), fingerprint },
    'run',
  )
  return result
}

/** What `deliverWithOutputs` takes; `undefined` when it is too large for it. */
async function smallOutputs(daemon: Daemon, { steps }: ResultDocument) {
  const [step, ...more] = steps
  if (step === undefined || more.length > 0) return undefined
  const tensors = [
    ...step.carried.map((tensor) => ({ tensor, carried: true })),
    ...step.outputs.map((tensor) => ({ tensor, carried: false })),
  ]
  let size = 0
  for (const { tensor } of tensors)
    size +=
      tensorHeader(tensor).length +
      (await daemon.reader.sizeOf(tensor.dataRoot))
  if (size > maxOutputBytes) return undefined
  return readOutputs(daemon, tensors)
}
