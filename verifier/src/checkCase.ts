import { join } from 'node:path'
import { BlobStore, type Daemon } from '@lynode/runtime'
import { executionId, getExecution, type Hex } from '@lynode/sdk'
import { storedStep } from './auditStep.js'
import type { CaseRow } from './auditTable.js'
import type { CheckTable } from './checkTable.js'
import { Demands } from './demands.js'
import { claimedTrace, Evidence } from './evidence.js'
import { ExecutionOver } from './outcome.js'
import { resumeProof } from './proveElement.js'
import { providerClient } from './providerClient.js'
import {
  type CheckResult,
  convicted,
  type Searched,
  searchTrace,
} from './searchTrace.js'

/** A case whose verifier posted its trace, and the result of what it audited. */
export type PostedCase = CaseRow & {
  resultRoot: Hex
  /** Block time at which the case was opened. */
  openedAt: number
  traceRoots: readonly Hex[]
}

/**
 * Lays the trace that another verifier posted beside our own of the same step,
 * and convicts it where one of its numbers lies outside of its bound (RULES E2,
 * E3). Results are not its claim: the nodes that make them are left out.
 *
 * @throws what keeps it from a verdict now; call again.
 */
export async function checkCase(
  daemon: Daemon,
  table: CheckTable,
  posted: PostedCase,
): Promise<CheckResult> {
  const { caseId, verifierId, step, order, resultRoot } = posted
  const stored = await storedStep(daemon, posted.execId)
  const { inputs, result, trace, states } = stored?.commitments ?? {}
  if (
    stored === undefined ||
    inputs === undefined ||
    result === undefined ||
    trace === undefined
  )
    return unchecked('we have no trace of that step')

  const execId = caseExecution(posted)
  const options = { daemon, table, execId, order }
  const row: Searched = {
    execId,
    jobId: caseId,
    providerId: verifierId,
    resultRoot,
    since: posted.openedAt,
  }
  const claimedBlobs = new BlobStore(
    join(daemon.config.dataDir, 'cases', caseId.slice(2)),
  )
  try {
    const resumed = await resumeProof(options)
    if (resumed !== undefined)
      return await convicted(daemon, order, row, resumed)
    const model = await daemon.models.load(order.modelId)
    const demands = new Demands({
      ...options,
      manifest: model.manifest,
      look: false,
    })
    const client = providerClient(
      daemon,
      daemon.endpointOf(verifierId),
      order.deliverDuration,
    )
    const { traceRoots } = posted
    // What it read was delivered, and so is the same for both.
    const evidence = new Evidence({
      daemon,
      demands,
      model,
      step,
      client,
      inputs,
      claimed: {
        result,
        states: states && { states, roots: [] },
        traceRoots,
        trace: await claimedTrace(client, traceRoots),
      },
      own: { result, trace, states },
      ownBlobs: stored.blobs,
      claimedBlobs,
    })
    return await searchTrace({
      ...options,
      look: false,
      row,
      model,
      evidence,
      step,
      demands,
      traceRoots,
      stateRoots: [],
    })
  } catch (error) {
    if (!(error instanceof ExecutionOver)) throw error
    const { outcome } = await getExecution(daemon.client, { execId })
    return {
      verdict: outcome === 'convicted' ? 'fraud' : 'closed',
      details: {},
    }
  } finally {
    await claimedBlobs.remove()
  }
}

/** The execution that demands and proofs of a case are about: a case has one attempt. */
export function caseExecution({
  caseId,
  verifierId,
}: Pick<CaseRow, 'caseId' | 'verifierId'>): Hex {
  return executionId({ jobId: caseId, attempt: 0, providerId: verifierId })
}

function unchecked(reason: string): CheckResult {
  return { verdict: 'unchecked', details: { reason } }
}
