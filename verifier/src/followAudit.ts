import { attempt, type Daemon } from '@lynode/runtime'
import {
  attestationsAbi,
  auditManagerAbi,
  type DemandRequest,
  demand,
  demandKinds,
  getProviders,
  type Hex,
  jobStatuses,
  type Order,
} from '@lynode/sdk'
import {
  demandMismatch,
  openCase,
  reportAbsent,
  settleCase,
} from '@lynode/sdk/audits'
import type { AuditRow, AuditTable, CaseRow } from './auditTable.js'
import { caseExecution, checkCase } from './checkCase.js'
import type { CheckTable } from './checkTable.js'
import { shareOf } from './shareOf.js'

/** What `attestationOf` says of a drawn verifier that stayed away. */
const absent = new Set([0, 1]) // none, committed

/** After a reveal that differs: the pool bonds the demand of the provider's trace (E4). */
export async function demandMismatchOnce(
  daemon: Daemon,
  { execId, jobId }: AuditRow,
  order: Order,
): Promise<void> {
  const { manifest } = await daemon.models.load(order.modelId)
  const done = await attempt(daemon, {
    key: `mismatch:${execId}`,
    kind: 'demandMismatch',
    ...demandMismatch.transaction(daemon.contracts, {
      order,
      model: manifest.header,
    }),
  })
  if (done)
    daemon.logger.info(
      { event: 'mismatch.demanded', execId, jobId },
      'demanded the trace of an execution, bonded by the pool',
    )
}

/** Reports every drawn verifier that attested nothing (E4). */
export async function reportAbsences(
  daemon: Daemon,
  { execId, jobId, epoch, round }: AuditRow,
  ownId: number,
): Promise<void> {
  const { client, contracts, logger, metrics } = daemon
  const contract = { address: contracts.auditManager, abi: auditManagerAbi }
  for (const { providerId: verifierId, role } of await getProviders(client)) {
    if (role !== 'verifier' || verifierId === ownId) continue
    let seats = 0
    for (let at = 0; at <= round; at++)
      seats += await client.readContract({
        ...contract,
        functionName: 'seatsOf',
        args: [epoch, execId, verifierId, at],
      })
    if (seats === 0) continue
    const attestation = await client.readContract({
      ...contract,
      functionName: 'attestationOf',
      args: [execId, verifierId],
    })
    if (!absent.has(attestation)) continue
    const done = await attempt(daemon, {
      key: `absent:${execId}:${verifierId}`,
      kind: 'reportAbsent',
      ...reportAbsent.transaction(contracts, { jobId, verifierId }),
    })
    if (!done) continue
    metrics.audits.inc({ outcome: 'absent' })
    logger.info(
      { event: 'audit.absent', execId, jobId, verifierId },
      'reported a verifier that stayed away',
    )
  }
}

/**
 * Asks for the traces of others whose root is not ours: whoever made it up has
 * nothing to answer with. Another machine's honest bits differ as well, so only
 * a share is asked for.
 */
export async function questionOthers(
  daemon: Daemon,
  table: AuditTable,
  row: AuditRow,
  order: Order,
  ownId: number,
): Promise<void> {
  const { execId, attempt: jobAttempt, providerId, attested } = row
  const { contracts, logger, config, client } = daemon
  const { manifest } = await daemon.models.load(order.modelId)
  // An empty trace needs no demand (A4).
  if (manifest.header.activations === 0) return
  for (const other of table.revealsOf(execId)) {
    const { verifierId, traceRoot, finding, step } = other
    if (verifierId === ownId || traceRoot === attested?.traceRoot) continue
    if (shareOf(`${execId}:${verifierId}`, daemon) >= config.questionShare)
      continue
    await attempt(daemon, {
      key: `case:${execId}:${verifierId}`,
      kind: 'openCase',
      ...openCase.transaction(contracts, {
        order,
        attempt: jobAttempt,
        providerId,
        verifierId,
        traceRoot,
        finding,
      }),
    })

    const caseOrder = await caseOrderOf(daemon, order, execId, verifierId)
    const request: DemandRequest = {
      kind: demandKinds.trace,
      step,
      value: 0,
      chunk: 0,
      count: 0,
    }
    const caseId = await client.readContract({
      address: contracts.attestations,
      abi: attestationsAbi,
      functionName: 'caseIdOf',
      args: [execId, verifierId],
    })
    const done = await attempt(daemon, {
      key: `question:${caseId}`,
      kind: 'demand',
      ...demand.transaction(contracts, {
        order: caseOrder,
        model: manifest.header,
        request,
      }),
    })

    if (done)
      logger.info(
        { event: 'attestation.questioned', execId, verifierId, caseId },
        'demanded the trace of another verifier',
      )
  }
}

/**
 * Does what is left to do for a case of an execution that we audited too: looks
 * through the trace that another verifier posted, and closes what nothing came
 * of, so that its stake is free and bonds can be claimed.
 */
export async function followCase(
  daemon: Daemon,
  table: AuditTable,
  checks: CheckTable,
  found: CaseRow,
  ownId: number,
): Promise<void> {
  const { caseId, execId, verifierId, step } = found
  const { client, contracts, logger, metrics } = daemon
  const { status, resultRoot, openedAt, closesAt } = await client.readContract({
    address: contracts.attestations,
    abi: attestationsAbi,
    functionName: 'caseOf',
    args: [caseId],
  })
  // We saw it opened: a node that does not know of it is late.
  if (jobStatuses[status] === 'none') return
  if (jobStatuses[status] !== 'delivered') return table.setCaseClosed(caseId)
  const traceRoots = checks.traceOf(caseExecution(found), step)
  if (
    verifierId !== ownId &&
    traceRoots !== undefined &&
    table.caseVerdict(caseId) === undefined
  ) {
    const { verdict, details } = await checkCase(daemon, checks, {
      ...found,
      resultRoot,
      openedAt,
      traceRoots,
    })
    table.setCaseVerdict(caseId, verdict)
    metrics.verdicts.inc({ verdict })
    logger.info(
      {
        ...details,
        event: 'case.verdict',
        caseId,
        // Of the audit; what is proved is about the case.
        execId,
        verifierId,
        verdict,
      },
      `verdict on an attestation: ${verdict}`,
    )
    return
  }
  if (daemon.now() < closesAt) return
  const closed = await attempt(daemon, {
    key: `settleCase:${caseId}`,
    kind: 'settleCase',
    ...settleCase.transaction(contracts, { caseId }),
  })
  if (!closed) return // a demand or a proof is still running
  table.setCaseClosed(caseId)
  logger.info(
    { event: 'case.settled', caseId, execId, verifierId },
    'nothing was proved about an attestation',
  )
}

async function caseOrderOf(
  { client, contracts }: Daemon,
  order: Order,
  execId: Hex,
  verifierId: number,
): Promise<Order> {
  return client.readContract({
    address: contracts.attestations,
    abi: attestationsAbi,
    functionName: 'orderOf',
    args: [order, execId, verifierId],
  })
}
