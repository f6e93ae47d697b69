import {
  type Daemon,
  type ExecutionMode,
  fetchInputs,
  fingerprintOf,
  type LoadedModel,
  nodeSha256,
  runJob,
} from '@lynode/runtime'
import {
  bytesToHex,
  deliverResult,
  deliverWithOutputs,
  type Job,
  parseResultDocument,
  type ResultDocument,
  resultRootOf,
  tensorHeader,
} from '@lynode/sdk'
import { JobProgress } from './jobProgress.js'
import type { JobRow, JobTable } from './jobTable.js'
import type { ModelTests } from './modelTests.js'

/** Most bytes of headers and outputs that travel in a delivery (A12). */
const maxOutputBytes = 8_192

/**
 * Meets the obligation of a lock: runs all steps, stores result document and
 * outputs where the data server has them, then commits to the result. A run that
 * an earlier process finished is not repeated.
 */
export async function performJob(
  daemon: Daemon,
  jobs: JobTable,
  tests: ModelTests,
  row: JobRow,
  job: Job,
): Promise<void> {
  const { outbox, contracts, logger, metrics, models } = daemon
  const { jobId, order } = row
  const model = await models.load(order.modelId)
  const usual = tests.modeOf(order.modelId)
  const result = await resultOf(daemon, jobs, row, job, model, usual)

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
    ...call,
  })
  jobs.setState(jobId, 'delivered')
  metrics.jobs.inc({ outcome: 'delivered' })
  logger.info({ event: 'job.delivered', jobId, resultRoot }, 'delivered')
}

async function resultOf(
  daemon: Daemon,
  jobs: JobTable,
  row: JobRow,
  job: Job,
  model: LoadedModel,
  usual: ExecutionMode,
): Promise<ResultDocument> {
  const { blobClient, blobs, documents, reader, runner, logger } = daemon
  const { metrics, config } = daemon
  const { jobId, order, resultRoot, attempt } = row
  if (resultRoot !== undefined && attempt === job.attempt)
    return parseResultDocument(await documents.get(resultRoot))
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
  const { result, runMs } = await runJob({
    runner,
    model,
    inputs,
    reader,
    spool: blobs.folder,
    mode,
    done: done?.steps,
    onSegment: (steps) => progress.save(segment, steps, mode),
  })
  metrics.inference.observe({ path: 'fast' }, runMs / 1_000)
  // The outputs and their document are on disk before the root is sent.
  const root = await documents.put(result)
  const fingerprint = fingerprintOf(daemon.config.threads, mode)
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
  return Promise.all(
    tensors.map(async ({ tensor, carried }) => ({
      header: bytesToHex(tensorHeader(tensor)),
      data: bytesToHex(await daemon.reader.read(tensor.dataRoot)),
      carried,
    })),
  )
}
