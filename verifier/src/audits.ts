import { randomBytes } from 'node:crypto'
import {
  type Daemon,
  errorText,
  type ProtocolEvent,
  TransactionError,
} from '@lynode/runtime'
import {
  auditManagerAbi,
  bytesToHex,
  type Hex,
  LynodeError,
  type Order,
  stakeManagerAbi,
} from '@lynode/sdk'
import {
  type AuditEpoch,
  attestWithheld,
  auditCommitment,
  commitAudit,
  getAudit,
  releaseAudit,
  revealAudit,
} from '@lynode/sdk/audits'
import { answerCases } from './answerCases.js'
import {
  auditStep,
  BytesWithheld,
  findings,
  forgetStep,
  storedStep,
} from './auditStep.js'
import { type AuditRow, AuditTable } from './auditTable.js'
import type { CheckTable } from './checkTable.js'
import {
  demandMismatchOnce,
  followCase,
  questionOthers,
  reportAbsences,
} from './followAudit.js'

/** Rounds of a draw: nobody revealed in the first one, so the second is twice as large (E1). */
const rounds = 2

/** Longest pause between two tries of a step that failed. */
const longestRetryMs = 10_000

/** [start, end) of a round, in block time. */
type Round = { commits: number; reveals: number; ends: number }

type Windows = { commitWindow: number; revealWindow: number }

/**
 * The paid half of a verifier (RULES E): gets epochs their seed, audits what the
 * draw gives it, commits and reveals in the windows, answers for what it
 * attested, and reports who stayed away. What it is going to reveal is stored
 * before the commit is sent, so that a crash between the two loses nothing.
 */
export class Audits {
  readonly #daemon: Daemon
  readonly #checks: CheckTable
  readonly #tasks = new Map<string, Promise<void>>()
  readonly #retries = new Map<string, { at: number; waitMs: number }>()
  readonly #windows = new Map<number, Windows>()
  readonly #served = new Set<Hex>()
  /** Executions whose trace the pool was asked to demand. */
  readonly #demanded = new Set<Hex>()
  /** Until when our attestation of an execution can be held against us. */
  readonly #held = new Map<Hex, number>()
  /** Executions that our own check should look at: their audit differs. */
  readonly #suspect: (row: AuditRow) => void
  #computing = 0
  #verifierId = 0
  readonly table: AuditTable

  constructor(
    daemon: Daemon,
    checks: CheckTable,
    suspect: (row: AuditRow) => void,
  ) {
    this.#daemon = daemon
    this.#checks = checks
    this.#suspect = suspect
    this.table = new AuditTable(daemon.database)
  }

  /** Takes down what the chain says; it may say it again. */
  onEvent(event: ProtocolEvent): void {
    switch (event.eventName) {
      case 'Revealed': {
        const { execId, verifierId, step, finding, traceRoot } = event.args
        this.table.addReveal({
          execId,
          verifierId,
          step,
          finding,
          traceRoot,
        })
        return
      }
      case 'CaseOpened': {
        const { caseId, execId, verifierId, step, order } = event.args
        // Its demands are made and expired with this order.
        this.#checks.addOrder(caseId, order)
        this.table.addCase({ caseId, execId, verifierId, step, order })
        return
      }
      case 'Demanded': {
        const { demandId, jobId, request, deadline } = event.args
        const asked = this.table.caseOf(jobId)
        if (asked === undefined || asked.verifierId !== this.#verifierId) return
        this.table.addCaseDemand({
          demandId,
          caseId: jobId,
          request,
          deadline,
        })
        return
      }
    }
  }

  /** A delivery that an audit may take. */
  async onDelivery(
    delivered: Omit<
      AuditRow,
      | 'epoch'
      | 'state'
      | 'sampled'
      | 'round'
      | 'attested'
      | 'followed'
      | 'released'
    >,
  ): Promise<void> {
    const epoch = await this.#daemon.epochs.epochAt(delivered.deliveredAt)
    this.table.add({ ...delivered, epoch })
  }

  /** Whether our own audit says that the result is wrong. */
  isSuspect(execId: Hex): boolean {
    return this.table.find(execId)?.attested?.finding === findings.differs
  }

  /** Begins what is due; resolves at once. */
  async turn(draining: boolean): Promise<void> {
    await this.#readVerifier()
    const epochs = new Map<number, Promise<AuditEpoch>>()
    const epochOf = (epoch: number) => {
      const found = epochs.get(epoch) ?? this.#daemon.epochs.advance(epoch)
      epochs.set(epoch, found)
      return found
    }
    this.#begin('cases', () => answerCases(this.#daemon, this.table))
    for (const row of this.table.openCases())
      this.#begin(row.caseId, () =>
        followCase(
          this.#daemon,
          this.table,
          this.#checks,
          row,
          this.#verifierId,
        ),
      )
    for (const row of this.table.open()) {
      if (draining && row.state === 'waiting') continue
      this.#begin(row.execId, async () =>
        this.#advance(row, await epochOf(row.epoch)),
      )
    }
  }

  /** Waits for what was begun. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.#tasks.values())
  }

  #begin(key: string, work: () => Promise<void>): void {
    if (this.#tasks.has(key)) return
    const retry = this.#retries.get(key)
    if (retry !== undefined && retry.at > Date.now()) return
    const { logger, metrics, signal, config } = this.#daemon
    const task = work()
      .then(() => {
        this.#retries.delete(key)
      })
      .catch((error: unknown) => {
        if (signal.aborted) return
        const waitMs = Math.min(
          (retry?.waitMs ?? config.pollMs) * 1.5,
          longestRetryMs,
        )
        this.#retries.set(key, { at: Date.now() + waitMs, waitMs })
        metrics.errors.inc({ loop: 'audit' })
        logger.warn(
          {
            event: 'audit.failed',
            audit: key,
            code: error instanceof LynodeError ? error.code : undefined,
            error: errorText(error),
          },
          'an audit did not get on',
        )
      })
      .finally(() => this.#tasks.delete(key))
    this.#tasks.set(key, task)
  }

  async #advance(row: AuditRow, epoch: AuditEpoch): Promise<void> {
    if (epoch.seed === 0n) return
    if (row.state === 'waiting') return this.#draw(row)
    const { execId } = row
    const round = await this.#roundOf(row, epoch)
    const now = this.#daemon.now()
    switch (row.state) {
      case 'due':
        if (now >= round.commits) await this.#audit(row, round)
        return
      case 'traced':
        return this.#commit(row, round)
      case 'committed':
        if (now >= round.reveals) await this.#reveal(row, round)
        return
    }
    if (row.state === 'revealed') await this.#serve(execId)
    if (!row.followed) await this.#follow(row, round)
    if (row.state === 'revealed' && !row.released) await this.#release(row)
  }

  /** What the seed says about an execution, and about us. */
  async #draw(row: AuditRow): Promise<void> {
    const { execId, epoch } = row
    const sampled = await this.#read('isSampled', [epoch, execId])
    const mine = sampled && (await this.#seats(row, 0)) > 0
    this.table.setDrawn(execId, {
      sampled,
      round: 0,
      state: mine ? 'due' : 'passed',
    })
    if (!sampled) return
    if (mine) this.#daemon.metrics.audits.inc({ outcome: 'due' })
    this.#daemon.logger.info(
      { event: 'audit.sampled', execId, jobId: row.jobId, drawn: mine },
      mine
        ? 'drawn to audit an execution'
        : 'an execution is audited by others',
    )
  }

  async #audit(row: AuditRow, round: Round): Promise<void> {
    const { execId, jobId } = row
    const { logger, config } = this.#daemon
    const order = this.#checks.orderOf(jobId)
    if (this.#daemon.now() >= round.reveals)
      return this.#miss(row, 'the commits are closed')
    if (order === undefined) throw new Error('its order was never announced')
    if (this.#computing >= config.auditsAtOnce) return
    this.#computing++
    try {
      const step = await this.#read('stepOf', [row.epoch, execId, order.steps])
      const own = await auditStep(this.#daemon, order, row, step)
      this.table.saveAttested(execId, {
        traceRoot: own.traceRoot,
        finding: own.finding,
        salt: bytesToHex(randomBytes(32)),
      })
      logger.info(
        {
          event: 'audit.traced',
          execId,
          jobId,
          step,
          finding: own.finding === findings.agrees ? 'agrees' : 'differs',
          ms: Math.round(own.ms),
        },
        'audited a step',
      )
    } catch (error) {
      // A trace of ours could be convicted.
      if (error instanceof LynodeError && error.code === 'LY-MODEL-006')
        return this.#miss(row, `${error.code}: ${error.shortMessage}`)
      if (!(error instanceof BytesWithheld)) throw error
      const { commits, reveals } = round
      // Earlier its server may only be slow.
      if (this.#daemon.now() < commits + Math.ceil((reveals - commits) / 2))
        throw error
      return this.#attestWithheld(row, order, error)
    } finally {
      this.#computing--
    }
    const traced = this.table.find(execId)
    if (traced !== undefined) await this.#commit(traced, round)
  }

  async #attestWithheld(
    { execId, jobId }: AuditRow,
    order: Order,
    error: BytesWithheld,
  ): Promise<void> {
    const { outbox, contracts, logger, metrics } = this.#daemon
    await outbox.send({
      key: `withheld:${execId}`,
      kind: 'attestWithheld',
      ...attestWithheld.transaction(contracts, { order }),
    })
    this.table.setState(execId, 'withheld')
    metrics.audits.inc({ outcome: 'withheld' })
    logger.warn(
      { event: 'audit.withheld', execId, jobId, error: error.message },
      'bytes that an audit needs are withheld',
    )
  }

  async #commit(row: AuditRow, round: Round): Promise<void> {
    const { execId, attested } = row
    const { outbox, contracts } = this.#daemon
    if (attested === undefined) return this.table.setState(execId, 'due')
    if (this.#daemon.now() >= round.reveals)
      return this.#miss(row, 'the commits are closed')
    const verifierId = this.#verifierId
    await outbox.send({
      key: `audit:commit:${execId}:${row.round}`,
      kind: 'commitAudit',
      ...commitAudit.transaction(contracts, {
        execId,
        hash: auditCommitment({ execId, verifierId, ...attested }),
      }),
    })
    this.table.setState(execId, 'committed')
  }

  async #reveal(row: AuditRow, round: Round): Promise<void> {
    const { execId, jobId, attested } = row
    const { outbox, contracts, logger, metrics } = this.#daemon
    const order = this.#checks.orderOf(jobId)
    if (attested === undefined || order === undefined)
      return this.#miss(row, 'what was committed to is lost')
    try {
      const receipt = await outbox.send({
        key: `audit:reveal:${execId}:${row.round}`,
        kind: 'revealAudit',
        ...revealAudit.transaction(contracts, { order, ...attested }),
      })
      const { paid, seats } = revealAudit.extractEvent(receipt)
      this.table.setState(execId, 'revealed')
      metrics.audits.inc({ outcome: 'done' })
      logger.info(
        {
          event: 'audit.revealed',
          execId,
          jobId,
          seats,
          paidWei: String(paid),
          finding: attested.finding === findings.agrees ? 'agrees' : 'differs',
        },
        'revealed an audit, and was paid',
      )
    } catch (error) {
      const reason =
        error instanceof TransactionError ? error.reason : undefined
      // Convicted or voided meanwhile: there is nothing to audit any more.
      if (reason?.name === 'AuditManager_NotDelivered') return this.#passBy(row)
      // The reveals begin with the next block, or are over.
      if (reason === undefined || this.#daemon.now() < round.ends) throw error
      return this.#miss(row, reason.name)
    }
    if (attested.finding !== findings.differs) return
    // First the demand that the pool bonds: our own check finds it made.
    await demandMismatchOnce(this.#daemon, row, order)
    this.#demanded.add(execId)
    this.#suspect(row)
  }

  #passBy({ execId }: AuditRow): void {
    this.table.setState(execId, 'passed')
    this.table.setFollowed(execId)
  }

  async #miss({ execId, jobId }: AuditRow, reason: string): Promise<void> {
    this.table.setState(execId, 'missed')
    this.#daemon.metrics.audits.inc({ outcome: 'missed' })
    this.#daemon.logger.error(
      { event: 'audit.missed', execId, jobId, reason },
      'an audit was not revealed: it may be reported as absence',
    )
  }

  /** After a reveal others may have every byte of it, and need not demand it. */
  async #serve(execId: Hex): Promise<void> {
    if (this.#served.has(execId)) return
    this.#served.add(execId)
    const stored = await storedStep(this.#daemon, execId)
    if (stored === undefined) return
    this.#daemon.layers.add(stored.blobs)
    const { trace } = stored.commitments
    if (trace !== undefined && trace.tensors.length > 0)
      await this.#daemon.documents.put(trace)
  }

  /** What anybody may do for an audited execution, once each. */
  async #follow(row: AuditRow, round: Round): Promise<void> {
    const daemon = this.#daemon
    const { execId } = row
    const order = this.#checks.orderOf(row.jobId)
    const differs = this.table
      .revealsOf(execId)
      .some(({ finding }) => finding === findings.differs)
    if (differs && order !== undefined && !this.#demanded.has(execId)) {
      await demandMismatchOnce(daemon, row, order)
      this.#demanded.add(execId)
      // Whoever found the same bits has nothing to look for. The others run it
      // again, and use the trace that this demand brings.
      if (row.attested?.finding !== findings.agrees) this.#suspect(row)
    }
    if (daemon.now() < round.ends) return
    const audit = await getAudit(daemon.client, { execId })
    const revealed = audit.agreeing + audit.differing + audit.withheld
    if (revealed === 0 && row.round + 1 < rounds) {
      const mine = (await this.#seats(row, row.round + 1)) > 0
      return this.table.setDrawn(execId, {
        sampled: true,
        round: row.round + 1,
        state: mine ? 'due' : row.state,
      })
    }
    if (daemon.config.reportAbsent)
      await reportAbsences(daemon, row, this.#verifierId)
    if (order !== undefined && row.state === 'revealed')
      await questionOthers(daemon, this.table, row, order, this.#verifierId)
    this.table.setFollowed(execId)
  }

  /** Our stake is free again as soon as nobody can hold the attestation against us. */
  async #release(row: AuditRow): Promise<void> {
    const { outbox, contracts, layers } = this.#daemon
    const { execId } = row
    const until = this.#held.get(execId) ?? (await this.#heldUntil(row))
    this.#held.set(execId, until)
    if (this.#daemon.now() < until) return
    // Its trace is what we answer with, and what we lay beside another's.
    if (this.table.openCases().some((open) => open.execId === execId)) return
    try {
      await outbox.send({
        key: `release:${execId}`,
        kind: 'releaseAudit',
        ...releaseAudit.transaction(contracts, {
          execId,
          verifierId: this.#verifierId,
        }),
      })
    } catch (error) {
      const reason =
        error instanceof TransactionError ? error.reason : undefined
      // A case is open: later. Nothing is reserved: somebody did it, or it was slashed.
      if (reason?.name !== 'AuditManager_NothingReserved') throw error
    }
    const stored = await storedStep(this.#daemon, execId)
    if (stored !== undefined)
      for (const layer of layers)
        if ('folder' in layer && layer.folder === stored.blobs.folder)
          layers.delete(layer)
    await forgetStep(this.#daemon, execId)
    for (const known of [this.#served, this.#demanded, this.#held])
      known.delete(execId)
    this.table.setReleased(execId)
  }

  #heldUntil({ execId, deliveredAt, window }: AuditRow): Promise<number> {
    return this.#read('heldUntil', [execId, deliveredAt, window])
  }

  #seats({ epoch, execId }: AuditRow, round: number): Promise<number> {
    if (this.#verifierId === 0) return Promise.resolve(0)
    return this.#read('seatsOf', [epoch, execId, this.#verifierId, round])
  }

  async #roundOf({ round }: AuditRow, epoch: AuditEpoch): Promise<Round> {
    const { commitWindow, revealWindow } = await this.#windowsOf(epoch.version)
    const commits = epoch.seedAt + round * (commitWindow + revealWindow)
    const reveals = commits + commitWindow
    return { commits, reveals, ends: reveals + revealWindow }
  }

  async #windowsOf(version: number): Promise<Windows> {
    const known = this.#windows.get(version)
    if (known !== undefined) return known
    const windows = await this.#read('snapshotOf', [version])
    this.#windows.set(version, windows)
    return windows
  }

  /** An owner may register us, or turn the hot key, while we run. */
  async #readVerifier(): Promise<void> {
    const { client, contracts, account, config } = this.#daemon
    if (!config.audits || this.#verifierId !== 0) return
    this.#verifierId = await client.readContract({
      address: contracts.stakeManager,
      abi: stakeManagerAbi,
      functionName: 'verifierIdOf',
      args: [account.address],
    })
    if (this.#verifierId !== 0)
      this.#daemon.logger.info(
        { event: 'audits.entered', verifierId: this.#verifierId },
        'takes part in the draw',
      )
  }

  #read<
    name extends
      | 'isSampled'
      | 'stepOf'
      | 'seatsOf'
      | 'snapshotOf'
      | 'heldUntil',
  >(functionName: name, args: readonly unknown[]): Promise<AuditViews[name]> {
    const { client, contracts } = this.#daemon
    return client.readContract({
      address: contracts.auditManager,
      abi: auditManagerAbi,
      functionName,
      args: args as never,
    }) as Promise<AuditViews[name]>
  }
}

/** What the views of AuditManager that are used here return. */
type AuditViews = {
  isSampled: boolean
  stepOf: number
  seatsOf: number
  snapshotOf: Windows
  heldUntil: number
}
