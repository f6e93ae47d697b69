import { attempt, type Daemon } from '@lynode/runtime'
import {
  auditManagerAbi,
  claimBond,
  type DemandStatus,
  disputesAbi,
  expireLock,
  forfeitCommit,
  getDemand,
  getExecution,
  type Hex,
  type Job,
  settleJob,
} from '@lynode/sdk'
import { zeroAddress } from 'viem'
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
  await attempt(daemon, {
    key: `settle:${row.jobId}:${job.attempt}`,
    kind: 'settle',
    atStakeWei: row.order.collateral,
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
  await attempt(daemon, {
    key: `expire:${row.jobId}:${job.attempt}`,
    kind: 'expireLock',
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
  { order }: JobRow,
  execId: Hex,
): Promise<boolean> {
  const { client, contracts } = daemon
  for (const { demandId } of [
    ...duties.open(execId),
    ...duties.answered(execId),
  ]) {
    const sent = await attempt(daemon, {
      key: `bond:${demandId}`,
      kind: 'claimBond',
      atStakeWei: order.collateral,
      ...claimBond.transaction(contracts, { demandId }),
    })
    // A refusal may come from a node that is late: the chain says what is left.
    if (!sent && !isClosed((await getDemand(client, { demandId })).status))
      return false
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
    const sent = await attempt(daemon, {
      key: `forfeit:${commitId}`,
      kind: 'forfeitCommit',
      ...forfeitCommit.transaction(daemon.contracts, { execId, commitId }),
    })
    // Revealed, or taken by another; a node that is late finds it still open.
    if (sent || (await isCommitGone(daemon, commitId)))
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

function isClosed(status: DemandStatus): boolean {
  return status === 'claimed' || status === 'none'
}

async function isCommitGone(
  { client, contracts }: Daemon,
  commitId: Hex,
): Promise<boolean> {
  const { prover } = await client.readContract({
    address: contracts.disputes,
    abi: disputesAbi,
    functionName: 'commitOf',
    args: [commitId],
  })
  return prover === zeroAddress
}
