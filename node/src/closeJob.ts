import { type Daemon, TransactionError } from '@lynode/runtime'
import {
  auditManagerAbi,
  claimBond,
  expireLock,
  forfeitCommit,
  getExecution,
  type Hex,
  type Job,
  settleJob,
} from '@lynode/sdk'
import type { DutyTable } from './dutyTable.js'
import type { JobRow } from './jobTable.js'

/** Settles a delivered job as soon as it is final; the tip goes to the sender. */
export async function settleWhenFinal(
  daemon: Daemon,
  row: JobRow,
  job: Job,
  execId: Hex,
): Promise<void> {
  if (daemon.now() < (await finalAt(daemon, job, execId))) return
  await attempt(daemon, `settle:${row.jobId}:${job.attempt}`, 'settle', {
    ...settleJob.transaction(daemon.contracts, { order: row.order }),
  })
}

/** Expires a lock whose delivery window passed; the caller's gas is repaid (A2). */
export async function expireWhenLate(
  daemon: Daemon,
  row: JobRow,
  job: Job,
): Promise<void> {
  if (daemon.now() < job.time) return
  await attempt(daemon, `expire:${row.jobId}:${job.attempt}`, 'expireLock', {
    ...expireLock.transaction(daemon.contracts, { order: row.order }),
  })
}

/**
 * After a settlement: takes the provider's share of bonds of unsuccessful
 * demands, and the bonds of commits that were never revealed. A conviction
 * leaves the provider nothing to collect.
 *
 * @returns Whether nothing is left to collect.
 */
export async function collectBonds(
  daemon: Daemon,
  duties: DutyTable,
  execId: Hex,
): Promise<boolean> {
  const { contracts } = daemon
  for (const { demandId } of [
    ...duties.open(execId),
    ...duties.answered(execId),
  ]) {
    await attempt(daemon, `bond:${demandId}`, 'claimBond', {
      ...claimBond.transaction(contracts, { demandId }),
    })
    duties.setDemand(demandId, 'closed')
  }
  await forfeitExpired(daemon, duties, execId)
  return duties.commits(execId).length === 0
}

/** Takes the bonds of commits that were not revealed in time (A6). */
export async function forfeitExpired(
  daemon: Daemon,
  duties: DutyTable,
  execId: Hex,
): Promise<void> {
  for (const { commitId, revealBy } of duties.commits(execId)) {
    if (daemon.now() < revealBy) continue
    await attempt(daemon, `forfeit:${commitId}`, 'forfeitCommit', {
      ...forfeitCommit.transaction(daemon.contracts, { execId, commitId }),
    })
    duties.removeCommit(commitId)
  }
}

/** Block time from which `settle` can succeed; infinite while a demand is open, or the epoch has no seed. */
async function finalAt(daemon: Daemon, job: Job, execId: Hex): Promise<number> {
  const over = job.time + job.window
  // Our pay waits for the seed of the epoch (E1), so we see to it in the end.
  if (daemon.now() < over) return over
  const epoch = await daemon.epochs.epochAt(job.time)
  const { seed } = await daemon.epochs.advance(epoch)
  if (seed === 0n) return Number.POSITIVE_INFINITY
  return Math.max(
    await disputedUntil(daemon, job, execId),
    await heldUntil(daemon, job, execId),
  )
}

/** Until when audits keep it open; 0 if the draw did not take it. */
async function heldUntil(
  { client, contracts }: Daemon,
  job: Job,
  execId: Hex,
): Promise<number> {
  return client.readContract({
    address: contracts.auditManager,
    abi: auditManagerAbi,
    functionName: 'heldUntil',
    args: [execId, job.time, job.window],
  })
}

async function disputedUntil(
  daemon: Daemon,
  job: Job,
  execId: Hex,
): Promise<number> {
  if (!job.disputed) return job.time + job.window
  const execution = await getExecution(daemon.client, { execId })
  return execution.liveDemands > 0
    ? Number.POSITIVE_INFINITY
    : Math.max(execution.finalAt, execution.lastCommitLive)
}

/** A refusal is no failure here: somebody else was faster, or it is too early. */
async function attempt(
  daemon: Daemon,
  key: string,
  kind: string,
  call: { to: Hex; data: Hex },
): Promise<void> {
  try {
    await daemon.outbox.send({ key, kind, ...call })
  } catch (error) {
    if (!(error instanceof TransactionError) || error.reason === undefined)
      throw error
    daemon.logger.debug(
      { obligation: key, reason: error.reason.name },
      'refused',
    )
  }
}
