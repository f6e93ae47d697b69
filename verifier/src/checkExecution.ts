import { join } from 'node:path'
import {
  BlobStore,
  type Daemon,
  fetchInputs,
  type LoadedModel,
  nodeSha256,
  runJob,
} from '@lynode/runtime'
import {
  classCodes,
  getExecution,
  getJob,
  type InputsDocument,
  type Order,
  resultRootOf,
} from '@lynode/sdk'
import { checkProved } from './checkProved.js'
import { checkSegments } from './checkSegments.js'
import { checkSteps } from './checkSteps.js'
import type { CheckRow, CheckTable, Verdict } from './checkTable.js'
import { servedResult } from './claimedResult.js'
import { convicted } from './convicted.js'
import { demandedInputs } from './demandedInputs.js'
import { Demands } from './demands.js'
import { dispute } from './dispute.js'
import { inMode } from './inMode.js'
import { ExecutionOver, NotShown } from './outcome.js'
import { resumeProof } from './proveElement.js'
import { providerClient } from './providerClient.js'
import type { OwnRun } from './rerunAlong.js'
import type { CheckResult } from './searchTrace.js'
import { standingOf } from './standingOf.js'

/**
 * Checks one delivered execution by running it again, and convicts it where a
 * number is wrong (DESIGN section 6). Everything it does on chain has a key, so
 * that a repeated check goes on where the first one stopped.
 *
 * @throws what keeps it from a verdict now; call again.
 */
export async function checkExecution(
  daemon: Daemon,
  table: CheckTable,
  row: CheckRow,
  look = false,
): Promise<CheckResult> {
  const blobs = storeOf(daemon, row)
  daemon.layers.add(blobs)
  try {
    const result = await check(daemon, table, row, blobs, look)
    await blobs.remove()
    return result
  } catch (error) {
    if (error instanceof NotShown) {
      await blobs.remove()
      return { verdict: 'differs', details: { missing: error.message } }
    }
    if (!(error instanceof ExecutionOver)) throw error
    await blobs.remove()
    return {
      verdict:
        error.how === 'withheld' ? 'withheld' : await outcomeOf(daemon, row),
      details: {},
    }
  } finally {
    daemon.layers.delete(blobs)
  }
}

/** Removes what a check without a verdict left on the disk. */
export async function forgetCheck(
  daemon: Daemon,
  row: CheckRow,
): Promise<void> {
  await storeOf(daemon, row).remove()
}

function storeOf({ config }: Daemon, { execId }: CheckRow): BlobStore {
  return new BlobStore(join(config.dataDir, 'checks', execId.slice(2)))
}

async function check(
  daemon: Daemon,
  table: CheckTable,
  row: CheckRow,
  blobs: BlobStore,
  look: boolean,
): Promise<CheckResult> {
  const { execId, jobId, resultRoot } = row
  const order = table.orderOf(jobId)
  if (order === undefined) return unchecked('its order was never announced')
  if (order.class === classCodes.zk) return checkProved(daemon, order, row)
  const options = { daemon, table, execId, order }
  const job = await getJob(daemon.client, { jobId })
  const resumed = look ? undefined : await resumeProof(options)
  if (resumed !== undefined)
    return convicted(daemon, order, { ...row, since: job.time }, resumed)

  const standing = standingOf(job, row)
  if (!look && standing === 'behind')
    throw new Error('the node does not know of the delivery')
  if (!look && standing === 'over') throw new ExecutionOver('closed')
  const endpoint = daemon.endpointOf(row.providerId)
  const model = await daemon.models.load(order.modelId)
  const { manifest } = model
  const { steps } = order
  const demands = new Demands({
    daemon,
    table,
    execId,
    order,
    manifest,
    look,
  })
  const inputs = await inputsOf(daemon, model, order, endpoint, {
    demands,
    blobs,
    // Earlier a server may only be slow; later there is no time for answers.
    demandFrom: look
      ? Number.POSITIVE_INFINITY
      : job.time + Math.floor(job.window / 3),
  })

  // Trace demands close with the window (A3): no wait for a server may delay
  // them, or a provider whose server hangs could not be asked any more.
  const client = providerClient(daemon, endpoint, job.window)
  const disputed = {
    ...options,
    row: { ...row, since: job.time },
    demands,
    model,
    inputs,
    blobs,
    client,
    look,
  }
  const claimed =
    manifest.header.segment === 1
      ? undefined
      : await servedResult(daemon, client, manifest, resultRoot, steps)
  if (claimed !== undefined) return checkSegments(disputed, claimed)

  // The provider ran natively or plainly: whichever gives its bits settles it.
  const runs: OwnRun[] = []
  for (const mode of ['native', 'plain'] as const) {
    const ran = await inMode(daemon.logger, mode, () =>
      runJob({
        ...{ runner: daemon.runner, reader: daemon.reader, model, inputs },
        ...{ spool: blobs.folder, mode },
      }),
    )
    if (ran === undefined) continue
    const own: OwnRun = { mode, ...ran }
    daemon.metrics.inference.observe(
      { path: 'fast', model: daemon.metrics.modelLabel(order.modelId) },
      own.runMs / 1_000,
    )
    if (resultRootOf(own.result, nodeSha256) === resultRoot)
      return { verdict: 'ok', details: { ms: Math.round(own.runMs), mode } }
    runs.push(own)
  }
  if (manifest.header.segment > 1)
    return checkSegments(disputed, undefined, runs)
  return steps > 1
    ? checkSteps(disputed)
    : (await dispute(disputed, runs, undefined)).found
}

/**
 * The inputs, from whoever serves them; demanded on chain when nobody does.
 *
 * @throws what kept them from being fetched, before `demandFrom`.
 */
async function inputsOf(
  daemon: Daemon,
  model: LoadedModel,
  order: Order,
  endpoint: string,
  withheld: { demands: Demands; blobs: BlobStore; demandFrom: number },
): Promise<InputsDocument> {
  try {
    return await fetchInputs(daemon.blobClient, model, order, [endpoint])
  } catch (error) {
    const { demands, blobs, demandFrom } = withheld
    if (daemon.now() < demandFrom) throw error
    daemon.logger.warn(
      { event: 'inputs.withheld', inputRoot: order.inputRoot },
      'nobody serves the inputs: they are demanded on chain',
    )
    const { manifest } = model
    const { inputRoot, steps } = order
    return demandedInputs(demands, manifest, inputRoot, steps, blobs)
  }
}

async function outcomeOf(daemon: Daemon, row: CheckRow): Promise<Verdict> {
  const { outcome } = await getExecution(daemon.client, { execId: row.execId })
  return outcome === 'convicted' ? 'fraud' : 'closed'
}

function unchecked(reason: string): CheckResult {
  return { verdict: 'unchecked', details: { reason } }
}
