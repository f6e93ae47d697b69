import { randomBytes } from 'node:crypto'
import {
  type Daemon,
  type Database,
  type RevertReason,
  TransactionError,
} from '@lynode/runtime'
import {
  bidCommitment,
  bytesToHex,
  closeBid,
  getAuction,
  getBalance,
  getBid,
  type Hex,
  type Job,
  lockWinner,
  placeBid,
  revealBid,
} from '@lynode/sdk'
import { allowedProof } from './allowedProof.js'
import type { Costs } from './costs.js'
import { isLasting } from './isLasting.js'
import type { JobRow, JobTable } from './jobTable.js'
import { judgeJob, type SkipKind } from './judgeJob.js'
import { NotNow } from './notNow.js'

/** An auction that was opened, and our bid in it. */
type AuctionRow = {
  jobId: Hex
  commitEnd: number
  revealEnd: number
  bond: bigint
  /**
   * `open`: no bid of ours; `bid`: price and salt are stored, the bid is sent or
   * about to be; `revealed`; `closed`: nothing is owed any more.
   */
  state: 'open' | 'bid' | 'revealed' | 'closed'
  price: bigint
  salt: Hex
}

type StoredRow = {
  job_id: Hex
  commit_end: number
  reveal_end: number
  bond: string
  state: AuctionRow['state']
  price: string
  salt: Hex
}

/**
 * Bids in sealed auctions, reveals, and locks what was won. What we bid is our
 * price itself: the winner is paid the second lowest bid, so that no other bid
 * earns more. Price and salt are on the disk before the bid is sent: without
 * them it could not be revealed, and the bond would burn.
 */
export class SealedBids {
  readonly #daemon: Daemon
  readonly #database: Database
  readonly #jobs: JobTable
  readonly #costs: Costs
  readonly #providerId: number

  constructor(
    daemon: Daemon,
    jobs: JobTable,
    costs: Costs,
    providerId: number,
  ) {
    this.#daemon = daemon
    this.#database = daemon.database
    this.#jobs = jobs
    this.#costs = costs
    this.#providerId = providerId
    this.#database.exec(`CREATE TABLE IF NOT EXISTS auctions (
      job_id TEXT PRIMARY KEY, commit_end INTEGER NOT NULL,
      reveal_end INTEGER NOT NULL, bond TEXT NOT NULL, state TEXT NOT NULL,
      price TEXT NOT NULL, salt TEXT NOT NULL)`)
  }

  /** Adds an auction; one that is known stays as it is. */
  add(auction: {
    jobId: Hex
    commitEnd: number
    revealEnd: number
    bond: bigint
  }): void {
    const { jobId, commitEnd, revealEnd, bond } = auction
    this.#database
      .prepare(
        "INSERT OR IGNORE INTO auctions VALUES (?, ?, ?, ?, 'open', '0', '')",
      )
      .run(jobId, commitEnd, revealEnd, String(bond))
  }

  /**
   * Does what an auction asks for now.
   *
   * @param mayBid - Whether a new bid may be made.
   * @returns Whether the order is the auction's: nothing else may lock it.
   */
  async advance(row: JobRow, job: Job, mayBid: boolean): Promise<boolean> {
    const auction = this.#find(row.jobId)
    if (auction === undefined || auction.state === 'closed') return false
    const { now } = this.#daemon
    const taken = job.status !== 'none'
    if (!taken && now() < auction.revealEnd) {
      if (now() < auction.commitEnd) {
        // A bid whose transaction did not come through before is sent again.
        if (auction.state === 'bid') await this.#send(row, auction)
        else if (mayBid && row.state === 'open') await this.#bid(row, auction)
      } else if (auction.state === 'bid') await this.#reveal(row, auction)
      return true
    }
    if (auction.state === 'open') {
      this.#setState(row.jobId, 'closed')
      return false
    }
    return this.#finish(row, job, auction)
  }

  async #bid(row: JobRow, auction: AuctionRow): Promise<void> {
    const { client, config, account, contracts, logger, metrics } = this.#daemon
    const { jobId, order } = row
    const skip = (kind: SkipKind, reason: string) => {
      this.#jobs.setState(jobId, 'skipped', reason)
      this.#setState(jobId, 'closed')
      metrics.jobs.inc({ outcome: 'skipped' })
      metrics.jobsSkipped.inc({ reason: kind })
      logger.info({ event: 'job.skipped', jobId, reason }, 'job skipped')
    }
    if (!config.bids) return skip('bids', '`bids` is off')
    if (order.currency !== 0 || !isSame(order.payToken, contracts.lynToken))
      return skip('token', 'is an auction that is not priced in LYN')
    if (allowedProof(order, row.allowed, this.#providerId) === undefined)
      return skip('others', 'names other providers')
    const judged = await judgeJob(
      this.#daemon,
      this.#costs,
      this.#providerId,
      order,
    )
    if (judged.reason !== undefined) return skip(judged.kind, judged.reason)
    if (judged.wanted > order.maxPrice)
      return skip('price', `pays less than ${judged.wanted} wei`)
    const { free } = await getBalance(client, {
      token: contracts.lynToken,
      account: account.address,
    })
    if (free < auction.bond)
      return skip('bond', `needs a bond of ${auction.bond} wei of free LYN`)
    const bid: AuctionRow = {
      ...auction,
      state: 'bid',
      price: judged.wanted,
      salt: bytesToHex(randomBytes(32)),
    }
    this.#database
      .prepare(
        'UPDATE auctions SET state = ?, price = ?, salt = ? WHERE job_id = ?',
      )
      .run(bid.state, String(bid.price), bid.salt, jobId)
    await this.#send(row, bid)
    metrics.bids.inc({ outcome: 'made' })
    logger.info({ event: 'bid.made', jobId }, 'bid made')
  }

  async #send(row: JobRow, { jobId, price, salt }: AuctionRow): Promise<void> {
    const { client, contracts } = this.#daemon
    const commitment = bidCommitment({
      chainId: client.addressBook.chainId,
      jobId,
      providerId: this.#providerId,
      price,
      salt,
    })
    const allowed = allowedProof(row.order, row.allowed, this.#providerId) ?? []
    try {
      await this.#daemon.outbox.send({
        key: `bid:${jobId}`,
        kind: 'bid',
        ...placeBid.transaction(contracts, {
          order: row.order,
          commitment,
          allowed,
        }),
      })
      this.#jobs.note(jobId, 'bid; waits for the reveals')
    } catch (error) {
      if (!isRefusal(error)) throw error
      const { status } = await getBid(client, {
        jobId,
        providerId: this.#providerId,
      })
      if (status !== 'none') return // it is there
      // Sent again until no more bids are taken.
      if (!isLasting(error.reason))
        throw new NotNow(error.message, { cause: error })
      this.#jobs.setState(jobId, 'skipped', `no bid: ${error.message}`)
      this.#setState(jobId, 'closed')
    }
  }

  async #reveal(row: JobRow, auction: AuctionRow): Promise<void> {
    const { client, contracts, logger } = this.#daemon
    const { jobId, price, salt } = auction
    const providerId = this.#providerId
    const { status } = await getBid(client, { jobId, providerId })
    // It came too late, or the node is: looked at again until the reveals end,
    // since a bid that is not revealed loses its bond.
    if (status === 'none')
      return this.#jobs.note(jobId, 'no bid is seen; waits for the reveals')
    if (status === 'sealed')
      await this.#daemon.outbox.send({
        key: `reveal:${jobId}`,
        kind: 'reveal',
        atStakeWei: auction.bond,
        ...revealBid.transaction(contracts, {
          order: row.order,
          providerId,
          price,
          salt,
        }),
      })
    this.#setState(jobId, 'revealed')
    logger.info(
      { event: 'bid.revealed', jobId, price: String(price) },
      'bid revealed',
    )
  }

  /** The reveals are over, or somebody was locked: win, or get out. */
  async #finish(
    row: JobRow,
    job: Job,
    { jobId }: AuctionRow,
  ): Promise<boolean> {
    const { client, contracts, outbox, logger, metrics } = this.#daemon
    const { order, signature } = row
    const providerId = this.#providerId
    const auction = await getAuction(client, { jobId })
    if (
      job.status === 'none' &&
      auction.bestId === providerId &&
      !auction.taken
    ) {
      const allowed = allowedProof(order, row.allowed, providerId) ?? []
      try {
        await outbox.send({
          key: `win:${jobId}`,
          kind: 'lockWinner',
          atStakeWei: order.collateral,
          ...lockWinner.transaction(contracts, { order, signature, allowed }),
        })
        this.#jobs.setState(jobId, 'locked')
        this.#setState(jobId, 'closed')
        metrics.bids.inc({ outcome: 'won' })
        logger.info(
          { event: 'bid.won', jobId, price: String(auction.second) },
          'auction won',
        )
        return true
      } catch (error) {
        if (!isRefusal(error)) throw error
        // The requester cannot pay, or has not signed: bound until the lock window ends.
        this.#jobs.note(jobId, `won, not locked: ${error.message}`)
        if (this.#daemon.now() < order.rampStart + order.lockDuration)
          return true
      }
    }
    const { status } = await getBid(client, { jobId, providerId })
    if (status === 'sealed' || status === 'revealed')
      await outbox.send({
        key: `closeBid:${jobId}`,
        kind: 'closeBid',
        ...closeBid.transaction(contracts, { order, providerId }),
      })
    this.#setState(jobId, 'closed')
    metrics.bids.inc({ outcome: 'lost' })
    if (job.status === 'none') this.#jobs.note(jobId, 'the auction is over')
    return job.status === 'none'
  }

  /** Jobs of auctions that are not over for us. */
  open(): Set<Hex> {
    const rows = this.#database
      .prepare("SELECT job_id FROM auctions WHERE state <> 'closed'")
      .all() as { job_id: Hex }[]
    return new Set(rows.map(({ job_id }) => job_id))
  }

  #find(jobId: Hex): AuctionRow | undefined {
    const row = this.#database
      .prepare('SELECT * FROM auctions WHERE job_id = ?')
      .get(jobId) as StoredRow | undefined
    return (
      row && {
        jobId: row.job_id,
        commitEnd: row.commit_end,
        revealEnd: row.reveal_end,
        bond: BigInt(row.bond),
        state: row.state,
        price: BigInt(row.price),
        salt: row.salt,
      }
    )
  }

  #setState(jobId: Hex, state: AuctionRow['state']): void {
    this.#database
      .prepare('UPDATE auctions SET state = ? WHERE job_id = ?')
      .run(state, jobId)
  }
}

function isRefusal(
  error: unknown,
): error is TransactionError & { reason: RevertReason } {
  return error instanceof TransactionError && error.reason !== undefined
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
