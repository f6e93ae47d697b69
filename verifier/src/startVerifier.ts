import {
  type AskPassword,
  codeOf,
  type DaemonConfig,
  errorText,
  fetchInputs,
  openDaemon,
  type ProtocolEvent,
  type RunningDaemon,
  TransactionError,
} from '@lynode/runtime'
import {
  attestationsAbi,
  claimBond,
  classCodes,
  executionId,
  findOrder,
  findOrderOnRelays,
  getExecution,
  getJob,
  type Hex,
  type JobStatus,
  jobStatuses,
  LynodeError,
  orderId,
  parseSignedOrder,
} from '@lynode/sdk'
import { Audits } from './audits.js'
import {
  type CheckResult,
  checkExecution,
  forgetCheck,
} from './checkExecution.js'
import { type CheckRow, CheckTable } from './checkTable.js'
import { expireDemands } from './expireDemands.js'
import { HourlyBudget } from './hourlyBudget.js'
import { orderOfLock } from './orderOfLock.js'
import { shareOf } from './shareOf.js'
import { standingOf } from './standingOf.js'
import { watchFunds } from './watchFunds.js'

export type StartVerifierOptions = {
  config: DaemonConfig
  /** Gives the password of a keystore that has no password file. */
  askPassword?: AskPassword | undefined
  /** One job alone, for somebody who waits for it. */
  only?:
    | {
        jobId: Hex
        attempt: number
        /** Sends nothing. */
        look: boolean
        onVerdict: (row: CheckRow, result: CheckResult) => void
        onFailure: (error: unknown) => void
      }
    | undefined
}

/** Executions that are checked at once. */
const atOnce = 2

/** Pause between two looks at the money that audits live on. */
const fundsMs = 60_000

/** Longest pause between two tries of a check that failed. */
const longestRetryMs = 10_000

/**
 * Starts the verifier daemon: runs every delivered job again, and convicts by
 * demand and fraud proof those whose numbers are wrong. It knows nothing of how
 * anybody cheats. Its log lines `job.verdict` and `fraud.proved` say what it found.
 *
 * @example
 * const verifier = await startVerifier({ config: loadConfig('verifier.toml') })
 * await verifier.stop()
 */
export async function startVerifier(
  options: StartVerifierOptions,
): Promise<RunningDaemon> {
  const { only } = options
  const daemon = await openDaemon({ role: 'verifier', ...options })
  const { account, client, config, contracts, database, logger, metrics } =
    daemon
  const table = new CheckTable(database)
  const audits = new Audits(daemon, table, (row) => table.addCheck(row))
  const budget = new HourlyBudget(config.checkSecondsPerHour)
  const tasks = new Map<string, Promise<void>>()
  /** Failed checks: when to try again, in wall-clock milliseconds. */
  const retries = new Map<string, { at: number; waitMs: number }>()
  let claiming: Promise<void> | undefined
  let expiring: Promise<void> | undefined
  let draining = false
  let nextFunds = 0
  // Whoever asks again wants it checked again.
  if (only !== undefined) table.reopen(only.jobId)

  // What a verifier answers for lies in folders of its own; what a check needs it fetched or touched just now.
  daemon.pins.add(async () => [])

  async function onEvent(event: ProtocolEvent): Promise<void> {
    audits.onEvent(event)
    switch (event.eventName) {
      case 'OrderPosted': {
        const { jobId, order } = event.args
        const { chainId } = config.addressBook
        const { jobMarket } = contracts
        if (orderId({ chainId, jobMarket, order }) === jobId)
          table.addOrder(jobId, order)
        return
      }
      case 'JobLocked': {
        const { jobId, attempt } = event.args
        table.addLock(jobId, attempt)
        if (table.orderOf(jobId) === undefined) {
          const order = await orderOfLock(daemon, jobId, event.transactionHash)
          if (order !== undefined) table.addOrder(jobId, order)
        }
        return prefetch(jobId)
      }
      case 'JobDelivered': {
        const { jobId, providerId, resultRoot } = event.args
        if (table.orderOf(jobId) === undefined) {
          const found =
            (await findOrder(client, { jobId })) ??
            (await findOrderOnRelays(client, config.relays, jobId))
          if (found !== undefined) table.addOrder(jobId, found.order)
        }
        const job = await getJob(client, { jobId })
        // The job may be in another attempt by now; of a lock that we did not
        // see the chain's word is all there is.
        const locked = table.attemptOf(jobId)
        const attempt = locked ?? job.attempt
        const standing = standingOf(job, { attempt })
        // The next turn reads the block again, or an audit would be missed.
        if (standing === 'behind' && locked !== undefined)
          throw new Error('the node does not know of a delivery')
        const execId = executionId({ jobId, attempt, providerId })
        const delivery = { execId, jobId, attempt, providerId, resultRoot }
        if (only !== undefined || shareOf(execId, daemon) < config.checkShare)
          table.addCheck(delivery)
        // Class zk is final at delivery, and never audited.
        if (standing === 'open')
          await audits.onDelivery({
            ...delivery,
            deliveredAt: job.time,
            window: job.window,
          })
        return
      }
      case 'Demanded': {
        const { asker, demandId, execId, jobId, deadline } = event.args
        table.addDeadline({ demandId, jobId, deadline })
        if (asker.toLowerCase() === account.address.toLowerCase())
          table.addOwnDemand(demandId, execId)
        return
      }
      case 'TracePosted': {
        const { execId, step, tensorRoots } = event.args
        return table.addTrace(execId, step, tensorRoots)
      }
      case 'StatesPosted': {
        const { execId, step, carriedRoots } = event.args
        return table.addStates(execId, step, carriedRoots)
      }
      case 'ChunksOpened': {
        const { execId, ...opened } = event.args
        return table.addChunks(execId, opened)
      }
      case 'WitnessNamed': {
        const { execId, ...named } = event.args
        return table.addWitness(execId, named)
      }
    }
  }

  /** Model and inputs before they are needed: the window is for checking. */
  function prefetch(jobId: Hex): void {
    const order = table.orderOf(jobId)
    if (order === undefined) return
    daemon.models
      .load(order.modelId)
      .then((model) => fetchInputs(daemon.blobClient, model, order))
      .catch((error: unknown) =>
        logger.debug({ jobId, error: errorText(error) }, 'not fetched early'),
      )
  }

  async function check(row: CheckRow): Promise<void> {
    const { execId, jobId } = row
    try {
      const start = performance.now()
      const { verdict, details } = await checkExecution(
        daemon,
        table,
        row,
        only?.look,
      ).finally(() => budget.spend((performance.now() - start) / 1_000))
      only?.onVerdict(row, { verdict, details })
      table.setVerdict(row, verdict, details)
      metrics.jobs.inc({ outcome: verdict })
      metrics.verdicts.inc({ verdict })
      if (verdict === 'fraud' || verdict === 'withheld')
        metrics.challenges.inc({ outcome: 'convicted' })
      else if (verdict === 'tolerated')
        metrics.challenges.inc({ outcome: 'dropped' })
      logger.info(
        {
          event: 'job.verdict',
          jobId,
          execId,
          providerId: row.providerId,
          verdict,
          ...details,
        },
        `verdict: ${verdict}`,
      )
    } catch (error) {
      if (daemon.signal.aborted) return
      only?.onFailure(error)
      metrics.errors.inc({ loop: 'check', code: codeOf(error) })
      logger.warn(
        {
          event: 'check.failed',
          jobId,
          execId,
          code: error instanceof LynodeError ? error.code : undefined,
          error: errorText(error),
        },
        'a check did not come to a verdict',
      )
      const waitMs = Math.min(
        (retries.get(execId)?.waitMs ?? config.pollMs) * 1.5,
        longestRetryMs,
      )
      retries.set(execId, { at: Date.now() + waitMs, waitMs })
      if (only?.look !== true) await giveUpWhenOver(row)
    }
  }

  /** What cannot be checked before it is closed has a verdict too. */
  async function giveUpWhenOver(row: CheckRow): Promise<void> {
    const job = await getJob(client, { jobId: row.jobId })
    if (standingOf(job, row) !== 'over') return
    const { status } = job
    // Class zk is over at delivery, and its proofs can be checked afterwards.
    const { waitMs } = retries.get(row.execId) ?? { waitMs: 0 }
    if (
      table.orderOf(row.jobId)?.class === classCodes.zk &&
      waitMs < longestRetryMs
    )
      return
    await forgetCheck(daemon, row)
    table.setVerdict(row, 'unchecked', { status })
    only?.onVerdict(row, { verdict: 'unchecked', details: { status } })
    metrics.jobs.inc({ outcome: 'unchecked' })
    metrics.verdicts.inc({ verdict: 'unchecked' })
    logger.warn(
      {
        event: 'job.verdict',
        jobId: row.jobId,
        execId: row.execId,
        verdict: 'unchecked',
      },
      'verdict: unchecked',
    )
  }

  /** After the outcome every bond is claimed, the returned ones and the rest. */
  async function claimBonds(): Promise<void> {
    for (const { demandId, execId } of table.ownDemands()) {
      const { outcome } = await getExecution(client, { execId })
      if (outcome === 'open') continue
      try {
        await daemon.outbox.send({
          key: `bond:${demandId}`,
          kind: 'claimBond',
          ...claimBond.transaction(contracts, { demandId }),
        })
      } catch (error) {
        // Somebody else claimed it for us: the money is there all the same. A
        // node that is late refuses too, and knows better at the next look.
        const reason =
          error instanceof TransactionError ? error.reason?.name : undefined
        if (reason === undefined) throw error
        if (reason === 'Disputes_OutcomeOpen') continue
      }
      table.removeOwnDemand(demandId)
    }
  }

  /** Of a job, or of the case of an attestation. */
  async function statusOf(jobId: Hex): Promise<JobStatus | undefined> {
    if (audits.table.caseOf(jobId) === undefined)
      return (await getJob(client, { jobId })).status
    const { status } = await client.readContract({
      address: contracts.attestations,
      abi: attestationsAbi,
      functionName: 'caseOf',
      args: [jobId],
    })
    return jobStatuses[status]
  }

  const isWanted = ({ jobId, attempt }: CheckRow) =>
    only === undefined || (only.jobId === jobId && only.attempt === attempt)

  async function work(): Promise<void> {
    // Who waits for one job acts for that one alone.
    if (only === undefined) {
      await audits.turn(draining)
      if (Date.now() >= nextFunds) {
        nextFunds = Date.now() + fundsMs
        void watchFunds(daemon)
      }
    }
    if (only === undefined)
      expiring ??= expireDemands(daemon, table, statusOf)
        .catch((error: unknown) =>
          logger.warn({ error: errorText(error) }, 'demands were not expired'),
        )
        .finally(() => {
          expiring = undefined
        })
    if (only?.look !== true)
      claiming ??= claimBonds()
        .catch((error: unknown) =>
          logger.warn({ error: errorText(error) }, 'bonds were not claimed'),
        )
        .finally(() => {
          claiming = undefined
        })
    for (const row of table.pending()) {
      if (draining || tasks.size >= atOnce) return
      if (tasks.has(row.execId) || !isWanted(row)) continue
      // An audit that differs is looked into whatever it takes.
      if (budget.spent && !audits.isSuspect(row.execId)) continue
      if ((retries.get(row.execId)?.at ?? 0) > Date.now()) continue
      const task = check(row)
        .catch((error: unknown) =>
          logger.warn({ error: errorText(error) }, 'a check failed'),
        )
        .finally(() => tasks.delete(row.execId))
      tasks.set(row.execId, task)
    }
  }

  daemon.relay.onItem = ({ kind, id, body }) => {
    if (kind === 'order')
      table.addOrder(id as Hex, parseSignedOrder(JSON.parse(body)).order)
  }
  daemon.self.status = () => ({
    checks: table.counts(),
    audits: audits.table.counts(),
    demands: table.ownDemands().length,
  })
  daemon.run({ onEvent, work })
  logger.info(
    {
      event: 'ready',
      endpoint: daemon.server.url,
      account: account.address,
    },
    'verifier started',
  )
  return {
    endpoint: daemon.server.url,
    monitor: daemon.monitor.url,
    async stop() {
      draining = true
      daemon.self.draining = true
      await daemon.close(async () => {
        await Promise.allSettled([...tasks.values(), claiming, expiring])
        await audits.stop()
      })
    },
  }
}
