import { setTimeout as sleep } from 'node:timers/promises'
import {
  type AskPassword,
  codeOf,
  confirmationsFor,
  type DaemonConfig,
  errorText,
  openDaemon,
  type ProtocolEvent,
  type RunningDaemon,
} from '@lynode/runtime'
import {
  currencyCodes,
  executionId,
  findOrder,
  findOrderOnRelays,
  getJob,
  type Hex,
  heartbeatToJson,
  isOrderSignature,
  LynodeError,
  orderId,
  parseSignedOrder,
  signHeartbeat,
  stakeManagerAbi,
} from '@lynode/sdk'
import { isAddressEqual } from 'viem'
import { answerDemands } from './answerDemands.js'
import { callConsumer } from './callConsumer.js'
import {
  collectBonds,
  expireWhenLate,
  forfeitExpired,
  settleWhenFinal,
} from './closeJob.js'
import { considerJob } from './considerJob.js'
import { Costs } from './costs.js'
import { DutyTable } from './dutyTable.js'
import { type JobRow, JobTable } from './jobTable.js'
import { ModelTests } from './modelTests.js'
import { NotNow } from './notNow.js'
import { obligationsIn } from './obligations.js'
import { performOrDecline } from './performOrDecline.js'
import { pinnedRoots } from './pinnedRoots.js'
import { ProvedJobs } from './provedJobs.js'
import { WorkQueue } from './scaleout/workQueue.js'
import { SealedBids } from './sealedBids.js'
import { signQuote } from './signQuote.js'
import { StandingOffers } from './standingOffers.js'
import { TraceKeeper } from './traceKeeper.js'

export type StartProviderOptions = {
  config: DaemonConfig
  /**
   * Program of the runner process instead of the usual one, for tests of the
   * verifier. Not a setting: it decides what is computed.
   */
  runnerEntry?: string | undefined
  runnerArguments?: readonly string[] | undefined
  /** Gives the password of a keystore that has no password file. */
  askPassword?: AskPassword | undefined
}

/** Pause between two heartbeats. */
const beatMs = 60_000

/** What a stopped provider leaves behind. */
const leftOver = {
  deliver: 'a job is not delivered',
  answer: 'a demand is not answered',
  defend: 'a result can still be disputed',
  reveal: 'a bid must be revealed, or its bond burns',
} as const

/** Statuses after which nothing is owed. */
const closedStatuses: readonly string[] = ['settled', 'convicted', 'refunded']

/** Longest pause before an order that could not be judged is looked at again. */
const longestRetryMs = 10_000

/** Jobs that nothing is owed for: how many are looked at at once, and in one turn. */
const mostLooks = 32

/** Pause between two looks at orders that were skipped. */
const sweepMs = 60_000

/**
 * Starts the provider daemon: looks for orders, locks those that pay enough,
 * runs them, delivers, opens what it committed to when anybody demands it, and
 * settles. All its obligations are re-read from the chain after a restart.
 *
 * @throws LynodeError `LY-NODE-001` when the hot key is no provider's.
 * @example
 * const provider = await startProvider({ config: loadConfig('provider.toml') })
 * await provider.stop()
 */
export async function startProvider(
  options: StartProviderOptions,
): Promise<RunningDaemon> {
  const daemon = await openDaemon({ role: 'provider', ...options })
  const { account, client, config, contracts, database, logger, metrics } =
    daemon
  const providerId = await client.readContract({
    address: contracts.stakeManager,
    abi: stakeManagerAbi,
    functionName: 'providerIdOf',
    args: [account.address],
  })
  if (providerId === 0) {
    await daemon.close(async () => undefined)
    throw new LynodeError('LY-NODE-001', {
      shortMessage: `${account.address} is no provider's hot key`,
    })
  }

  const jobs = new JobTable(database)
  const duties = new DutyTable(database)
  const tests = new ModelTests(daemon)
  const proved = new ProvedJobs(daemon)
  const costs = new Costs(daemon, tests, proved)
  const bids = new SealedBids(daemon, jobs, costs, providerId)
  const offers = new StandingOffers(daemon, costs, providerId)
  const traces = new TraceKeeper(daemon, jobs)
  daemon.pins.add(() => pinnedRoots(daemon, jobs))
  const queue =
    config.queue === undefined
      ? undefined
      : await WorkQueue.open({
          url: config.queue,
          runner: daemon.runner,
          logger,
        })
  const tasks = new Map<string, Promise<void>>()
  /** Orders that could not be judged: when to look again, in wall-clock time. */
  const retries = new Map<string, { at: number; waitMs: number }>()
  /** When deliveries are due and results final, in block time. */
  const times = new Map<string, number>()
  /** Blocks at which jobs of ours were first seen to be closed. */
  const closedAt = new Map<string, bigint>()
  /** When a job that nothing is owed for was looked at last. */
  const looks = new Map<Hex, number>()
  let looking = 0
  let draining = false
  let nextBeat = 0
  let nextSweep = 0

  metrics.watchJobs(() => {
    const { locked = 0, delivered = 0 } = jobs.counts()
    return locked + delivered
  })

  function see(...found: Parameters<JobTable['add']>): void {
    if (jobs.find(found[0]) === undefined) metrics.jobsSeen.inc()
    jobs.add(...found)
  }

  async function onEvent(event: ProtocolEvent): Promise<void> {
    switch (event.eventName) {
      case 'OrderPosted': {
        const { jobId, order, signature } = event.args
        const { chainId } = config.addressBook
        const { jobMarket } = contracts
        if (orderId({ chainId, jobMarket, order }) !== jobId) return
        const known = jobs.find(jobId)
        see(jobId, order, signature)
        // Anybody may announce it first, with a signature that is none.
        if (
          known !== undefined &&
          known.signature !== signature &&
          (await isOrderSignature(client, { order, signature }))
        )
          jobs.setSignature(jobId, signature)
        return
      }
      case 'AuctionOpened': {
        const { jobId, order, commitEnd, revealEnd, bond } = event.args
        see(jobId, order, '0x')
        return bids.add({ jobId, commitEnd, revealEnd, bond })
      }
      case 'JobLocked': {
        const { jobId } = event.args
        if (jobs.find(jobId) === undefined) {
          const found =
            (await findOrder(client, { jobId })) ??
            (await findOrderOnRelays(client, config.relays, jobId))
          if (found !== undefined) jobs.add(jobId, found.order, found.signature)
        }
        const mine = event.args.providerId === providerId
        if (mine) return jobs.setState(jobId, 'locked')
        return jobs.setState(jobId, 'taken', 'another provider locked it')
      }
      case 'JobDelivered':
        if (event.args.providerId === providerId)
          jobs.setState(event.args.jobId, 'delivered')
        return
      case 'LockExpired':
        if (event.args.providerId === providerId)
          jobs.setState(event.args.jobId, 'failed', 'not delivered in time')
        return
      case 'JobReopened': {
        // What we could not deliver once we do not lock again.
        const { jobId } = event.args
        if (jobs.find(jobId)?.state !== 'failed') jobs.setState(jobId, 'open')
        return
      }
      case 'Demanded': {
        const { demandId, execId, jobId, request, deadline } = event.args
        const row = jobs.find(jobId)
        if (row?.resultRoot === undefined) return
        // Comes again after a reorganisation: what was over may not be.
        if (row.state === 'done') jobs.setState(jobId, 'delivered')
        duties.addDemand({ demandId, execId, jobId, request, deadline })
        metrics.traceRequests.inc()
        return
      }
      case 'ProofCommitted': {
        const { commitId, execId, revealBy } = event.args
        duties.addCommit({ commitId, execId, revealBy })
        return
      }
    }
  }
  async function advance(row: JobRow): Promise<void> {
    const { jobId } = row
    const job = await getJob(client, { jobId })
    const execId = executionId({
      jobId,
      attempt: job.attempt,
      providerId: job.providerId,
    })
    const mine = job.providerId === providerId
    if (!closedStatuses.includes(job.status)) closedAt.delete(jobId)
    if (mine && job.status === 'locked') times.set(jobId, job.time)
    else if (mine && job.status === 'delivered')
      times.set(jobId, job.time + job.window)
    else times.delete(jobId)
    // A bid must be revealed and closed whatever becomes of the job.
    const mayBid = !draining && owed().length < config.maxJobs
    if (await bids.advance(row, job, mayBid)) return
    switch (job.status) {
      case 'none':
      case 'reopened':
        if (draining || row.state === 'skipped' || row.state === 'failed')
          return closeIfOver(row)
        if (owed().length >= config.maxJobs)
          return jobs.note(jobId, 'waits: `maxJobs` are in work')
        return considerJob(daemon, jobs, costs, providerId, row, job)
      case 'locked':
        if (mine && daemon.now() < job.time)
          return performOrDecline(
            daemon,
            jobs,
            tests,
            row,
            job,
            owed().length > config.maxJobs,
            proved,
            queue,
          )
        // Too late for us: nothing is owed any more, the slash is certain.
        if (mine) jobs.setState(jobId, 'failed', 'not delivered in time')
        if (config.keeper) await expireWhenLate(daemon, row, job)
        return
      case 'delivered':
        if (mine) {
          traces.restore(execId)
          await answerDemands(daemon, duties, traces, row, execId)
          await forfeitExpired(daemon, duties, execId)
        }
        if (mine || config.keeper)
          return settleWhenFinal(daemon, row, job, execId)
        return
      case 'settled':
      case 'convicted':
      case 'refunded':
        if (
          mine &&
          job.status === 'settled' &&
          !(await collectBonds(daemon, duties, row, execId))
        )
          return
        if (mine && job.status === 'settled' && !closedAt.has(jobId))
          await callConsumer(daemon, row, job)
        // What a reorganisation opens again has to be defended again.
        if (mine && !isFinal(row)) return
        if (mine) await traces.forget(execId)
        jobs.setState(jobId, 'done', mine ? '' : row.reason)
        if (mine) {
          metrics.jobs.inc({ outcome: job.status })
          if (job.status === 'convicted')
            metrics.challenges.inc({ outcome: 'convicted' })
          else if (job.disputed) metrics.challenges.inc({ outcome: 'repelled' })
          const { payToken, currency } = row.order
          if (
            job.status === 'settled' &&
            currency === currencyCodes.token &&
            isAddressEqual(payToken, contracts.lynToken)
          )
            metrics.rewards.inc(Number(job.price))
          logger.info({ event: `job.${job.status}`, jobId }, job.status)
        }
    }
  }

  /** Whether enough blocks lie on top of the end of a job. */
  function isFinal({ jobId, order }: JobRow): boolean {
    const head = daemon.watcher.head?.number ?? 0n
    const since = closedAt.get(jobId) ?? head
    closedAt.set(jobId, since)
    if (head - since < confirmationsFor(order.collateral)) return false
    closedAt.delete(jobId)
    return true
  }

  /** Drops what nobody locked in time. */
  function closeIfOver({ jobId, order }: JobRow): void {
    const lockBy = Math.min(order.rampStart + order.lockDuration, order.expiry)
    if (daemon.now() > lockBy + order.lockDuration)
      jobs.setState(jobId, 'done', 'nobody locked it')
  }

  /** Tells the relays from time to time that we are there. */
  async function beat(): Promise<void> {
    if (draining || Date.now() < nextBeat) return
    nextBeat = Date.now() + beatMs
    const signed = await signHeartbeat({
      account,
      chainId: config.addressBook.chainId,
      heartbeat: {
        providerId,
        endpoint: daemon.endpointOf(providerId) || daemon.server.url,
        freeJobs: Math.max(0, config.maxJobs - owed().length),
        at: daemon.now(),
      },
    })
    await daemon.relay.add('heartbeat', heartbeatToJson(signed))
  }

  /** One task a job at a time; a failed one is tried again at the next block. */
  async function work(): Promise<void> {
    await beat()
    if (!draining) void offers.turn()
    if (Date.now() >= nextSweep) {
      nextSweep = Date.now() + sweepMs
      for (const row of jobs.inState('skipped')) closeIfOver(row)
    }
    const auctions = bids.open()
    const rows = jobs.active()
    for (const jobId of auctions) {
      const row = jobs.find(jobId)
      if (row?.state === 'skipped') rows.push(row)
    }
    const isDuty = ({ state, jobId }: JobRow) =>
      state === 'locked' || state === 'delivered' || auctions.has(jobId)
    // Obligations never wait. Orders cost strangers next to nothing, however many
    // they announce: a few are looked at at a time, each in its turn.
    const others = rows
      .filter((row) => !isDuty(row))
      .sort((a, b) => (looks.get(a.jobId) ?? 0) - (looks.get(b.jobId) ?? 0))
    let started = 0
    for (const row of [...rows.filter(isDuty), ...others]) {
      if (tasks.has(row.jobId)) continue
      // An order whose files cannot be had waits longer.
      const retry = row.state === 'open' ? retries.get(row.jobId) : undefined
      if (retry !== undefined && retry.at > Date.now()) continue
      const duty = isDuty(row)
      if (!duty && Math.max(looking, started) >= mostLooks) continue
      if (!duty) {
        looking += 1
        started += 1
        looks.set(row.jobId, performance.now())
      }
      const task = advance(row)
        .then(() => retries.delete(row.jobId))
        .catch((error: unknown) => {
          const waitMs = Math.min(
            (retry?.waitMs ?? config.pollMs) * 1.5,
            longestRetryMs,
          )
          retries.set(row.jobId, { at: Date.now() + waitMs, waitMs })
          jobs.note(row.jobId, errorText(error))
          if (error instanceof NotNow)
            return logger.debug(
              { event: 'job.waits', jobId: row.jobId, reason: error.message },
              'an order waits',
            )
          metrics.errors.inc({ loop: 'job', code: codeOf(error) })
          logger.warn(
            { event: 'job.failed', jobId: row.jobId, error: errorText(error) },
            'a job did not advance',
          )
        })
        .then(() => undefined)
        .finally(() => {
          tasks.delete(row.jobId)
          if (!duty) looking -= 1
          // Of one that was skipped or closed nothing is kept in memory.
          if (jobs.find(row.jobId)?.state !== 'open') looks.delete(row.jobId)
        })
      tasks.set(row.jobId, task)
    }
  }

  daemon.relay.onItem = ({ kind, id, body }) => {
    if (kind !== 'order' || draining) return
    const { order, signature, allowed } = parseSignedOrder(JSON.parse(body))
    see(id as Hex, order, signature, allowed)
    // The relay has checked it; what was announced on the chain nobody has.
    jobs.setSignature(id as Hex, signature)
  }
  if (config.quotes)
    daemon.quotes.answer = async (request) => {
      if (draining || owed().length >= config.maxJobs)
        throw new LynodeError('LY-QUO-002', { details: 'it is busy' })
      return signQuote(daemon, costs, providerId, request)
    }
  daemon.self.status = () => ({
    jobs: jobs.counts(),
    obligations: obligationsIn(database, times),
  })
  daemon.run({ onEvent, work })
  logger.info(
    {
      event: 'ready',
      endpoint: daemon.server.url,
      providerId,
      hotKey: account.address,
    },
    'provider started',
  )
  return {
    endpoint: daemon.server.url,
    monitor: daemon.monitor.url,
    async stop() {
      draining = true
      daemon.self.draining = true
      // A lock that is not delivered costs stake: what is owed is done first.
      while (owed().length > 0) {
        logger.info({ event: 'drain', jobIds: owed() }, 'delivering first')
        await sleep(config.pollMs)
      }
      for (const left of obligationsIn(database, times))
        logger.warn(
          { event: 'drain', ...left },
          `${leftOver[left.what]}: restart before`,
        )
      await daemon.close(async () => {
        await queue?.close()
        await Promise.allSettled(tasks.values())
      })
    },
  }

  /** Locked by us and still to be delivered. */
  function owed(): Hex[] {
    return jobs.idsInState('locked')
  }
}
