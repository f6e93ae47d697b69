import { join } from 'node:path'
import { BlobStore, type Daemon, nodeSha256 } from '@lynode/runtime'
import {
  executionId,
  getExecution,
  type Hex,
  segmentOf,
  statesTrees,
} from '@lynode/sdk'
import { stepBehind, storedStep } from './auditStep.js'
import type { CaseRow } from './auditTable.js'
import type { CheckTable } from './checkTable.js'
import { convicted } from './convicted.js'
import { Demands } from './demands.js'
import { claimedStates } from './disputedStep.js'
import { claimedTrace, Evidence } from './evidence.js'
import { ExecutionOver } from './outcome.js'
import { resumeProof } from './proveElement.js'
import { providerClient } from './providerClient.js'
import { type CheckResult, type Searched, searchTrace } from './searchTrace.js'

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
 * E3). Results are not its claim: the nodes that make them are left out. Within
 * a segment it answers for the states that led to the step as well: where they
 * part from ours, the step that made them is searched first (B8).
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
  if (stored === undefined) return unchecked('we have no trace of that step')
  const { result, states } = stored.commitments

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
    const { first } = segmentOf(step, result.segment, result.steps.length)
    const stateRoots = states === undefined ? [] : await demands.states(first)
    const ours = states && statesTrees(states, nodeSha256).steps
    const isOurs = (place: number) =>
      ours?.[place - first]?.root === stateRoots[place - first]
    const parted = stateRoots.findIndex(
      (_, i) => first + i < step && !isOurs(first + i),
    )
    let found: CheckResult | undefined
    for (const place of parted < 0 ? [step] : [first + parted, step]) {
      const own = await stepBehind(daemon, posted.execId, order, place)
      if (own === undefined) break
      const traceRoots =
        place === step ? posted.traceRoots : await demands.trace(place)
      // The state that the step made, or began with.
      const at = place === step ? step - 1 : place
      const claimed =
        states &&
        (await claimedStates(
          { client, model, demands, claimed: result },
          {
            first,
            roots: stateRoots,
            own: states,
            at: at - first,
            sameState: isOurs(at),
          },
        ))
      const evidence = new Evidence({
        daemon,
        demands,
        model,
        step: place,
        client,
        inputs: own.commitments.inputs,
        claimed: {
          result,
          states: claimed && { states: claimed, roots: stateRoots },
          traceRoots,
          trace: await claimedTrace(client, traceRoots),
        },
        own: own.commitments,
        ownBlobs: own.blobs,
        claimedBlobs,
      })
      found = await searchTrace({
        ...options,
        look: false,
        row,
        model,
        evidence,
        step: place,
        demands,
        traceRoots,
        stateRoots,
      })
      if (found.verdict !== 'tolerated') break
    }
    return found ?? unchecked('we have no trace of that step')
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
