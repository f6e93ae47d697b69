import { contractErrors, toLynodeError } from '@lynode/sdk'
import type { Logger } from 'pino'
import {
  type Abi,
  type Address,
  type Hex,
  keccak256,
  type PublicClient,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
} from 'viem'
import type { LocalAccount } from 'viem/accounts'
import { errorText } from '../errors/errorText.js'
import type { Metrics } from '../metrics/metrics.js'
import type { Database } from '../store/openDatabase.js'
import { bumpFees, capFees, type Fees } from './bumpFees.js'
import { confirmationsFor } from './confirmationsFor.js'
import { type OutboxRow, OutboxTable } from './outboxTable.js'
import { type RevertReason, revertReason } from './revertReason.js'
import { TransactionError } from './transactionError.js'

export type OutboxOptions = {
  client: PublicClient
  account: LocalAccount
  database: Database
  /** ABI with the custom errors of the contracts. */
  abi: Abi
  logger: Logger
  metrics: Metrics
  /** Wait before a replacement. Default 30 s. */
  replaceAfterMs?: number | undefined
  /** Highest fee per gas that is ever offered. Default 500 gwei. */
  maxFeeWei?: bigint | undefined
  /** Blocks after which a transaction with so many LYN wei at stake is done for good. */
  confirmations?: ((atStakeWei: bigint) => number) | undefined
  /** Milliseconds between two looks for a receipt. Default 250. */
  pollMs?: number | undefined
  /** Wall clock, for the age of a broadcast only. */
  now?: (() => number) | undefined
  /** Told what every mined transaction cost in wei. */
  onCost?: ((wei: bigint) => void) | undefined
}

/** Something to do on the chain, once. */
export type Intent = {
  /** Name of the obligation; a second intent of the same name joins the first. */
  key: string
  /** Short name for logs and metrics, such as `deliver`. */
  kind: string
  to: Address
  data: Hex
  /** LYN wei that is lost when a reorganisation undoes it. Default 0. */
  atStakeWei?: bigint | undefined
}

type Waiter = {
  promise: Promise<TransactionReceipt>
  resolve: (receipt: TransactionReceipt) => void
  reject: (error: TransactionError) => void
}

/** A stored transaction; its receipt is asked for outside the queue. */
type Sent = { receipt: () => Promise<TransactionReceipt> }

/** Most gas that one transaction may use (EIP-7825). */
const maxGas = 16_777_216n
/**
 * Pause before what the node has taken is sent again. It may forget it, and a
 * reorganisation may undo a block before we saw it: an answer that is due within
 * seconds cannot wait for long.
 */
const rebroadcastMs = 1_000
/** Pause after a first send without an answer; then twice as long, and so on. */
const resendMs = 250
/** Longest of these pauses. */
const longestResendMs = 5_000
/** Highest fee per gas that is ever offered unless the options say otherwise. */
export const highestFeeWei = 500_000_000_000n
/** Gas of a transaction that does nothing. */
const transferGas = 21_000n

/**
 * Looks in a row that must agree before a nonce is called lost: behind one URL
 * may be several nodes, some of which are late.
 */
const certainLooks = 8

/** Kind of a transaction that does nothing but use a nonce. */
const fillKind = 'fill'

/**
 * Sends transactions of one key so that each obligation is met once, through
 * crashes, lost answers, full blocks and reorganisations: the signed transaction
 * is stored before it is sent, a failed send is unknown until the chain says
 * otherwise, replacements keep their nonce, and what was mined is watched until
 * it is deep enough for what is at stake; if it is undone, it is sent again.
 *
 * @example
 * const receipt = await outbox.send({ key: `settle:${jobId}`, kind: 'settle', to, data })
 */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #table: OutboxTable
  readonly #waiters = new Map<string, Waiter>()
  /** When a transaction is handed to the node again, and after what pause, by key. */
  readonly #again = new Map<string, { at: number; pauseMs: number }>()
  /** Looks in a row at which a nonce was used, and not by us, by key. */
  readonly #stolen = new Map<string, number>()
  /** When this process sent a transaction first, in milliseconds. */
  readonly #sentAt = new Map<string, number>()
  #turn: Promise<unknown> = Promise.resolve()
  #pump: Promise<void> | undefined
  /** Block on which everything that is mined was last found in its place. */
  #checkedAt: Hex | undefined
  /** Looks in a row at which nobody had the next nonce. */
  #gap = 0
  #stopped = false

  constructor(options: OutboxOptions) {
    this.#options = options
    this.#table = new OutboxTable(options.database, options.account.address)
  }

  get address(): Address {
    return this.#options.account.address
  }

  /** Takes up what an earlier process left: call it once before `send`. */
  resume(): void {
    for (const { key, kind, nonce } of this.#table.live()) {
      this.#options.logger.info(
        { obligation: key, kind, nonce },
        'resumed a transaction',
      )
      // Whoever wants the outcome asks by the same key.
      this.#waiterOf(key).promise.catch(() => undefined)
    }
    this.#startPump()
  }

  /**
   * Simulates, stores, signs, sends and waits for the receipt.
   *
   * @throws TransactionError with the `reason` of the contract and its code when
   * the simulation reverts (nothing is sent); `LY-TX-003` when the transaction
   * reverted on the chain; `LY-OUTBOX-001` above the gas of a transaction; the code
   * of the connection, without a reason, when the node could not be asked.
   */
  async send(intent: Intent): Promise<TransactionReceipt> {
    const before = this.#table.find(intent.key)
    if (before?.state === 'mined') return this.#receiptOf(before)
    if (before?.state === 'live') return this.#waiterOf(intent.key).promise
    const created = this.#turn.then(() => this.#create(intent))
    this.#turn = created.catch(() => undefined) // its caller handles the error
    return (await created).receipt()
  }

  /** Transactions whose receipt is awaited, by nonce. */
  pending(): {
    kind: string
    obligation: string
    nonce: number
    hash: Hex | undefined
    sentAt: number
  }[] {
    return this.#table.live().map(({ kind, key, nonce, hashes, sentAt }) => ({
      kind,
      obligation: key,
      nonce,
      hash: hashes.at(-1),
      sentAt: Math.floor(sentAt / 1_000),
    }))
  }

  /** Stops watching; what is live is taken up by the next `resume`. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#pump
  }

  /** @param stolen - The live row of the same intent whose nonce is lost. */
  async #create(intent: Intent, stolen?: OutboxRow): Promise<Sent> {
    const { client, account, logger } = this.#options
    const { confirmations = confirmationsFor } = this.#options
    const before = stolen ? undefined : this.#table.find(intent.key)
    if (before?.state === 'mined')
      return { receipt: () => this.#receiptOf(before) }
    // Invariant: a waiter leaves the map in the tick in which its row is done.
    if (before?.state === 'live') {
      const { promise } = this.#waiterOf(intent.key)
      return { receipt: () => promise }
    }
    const gas = await this.#simulate(intent)
    const [next, fees] = await Promise.all([
      client.getTransactionCount({ address: account.address }),
      this.#marketFees(),
    ])
    const row = await this.#sign({
      key: intent.key,
      kind: intent.kind,
      target: intent.to,
      data: intent.data,
      gas,
      nonce: this.#nonceFrom(next),
      fees,
      state: 'live',
      // One of the lost nonce may be mined after all, in another order of blocks.
      hashes: stolen?.hashes ?? [],
      raw: '0x',
      sentAt: 0,
      cancelled: false,
      seenIn: undefined,
      confirmations:
        stolen?.confirmations ?? confirmations(intent.atStakeWei ?? 0n),
    })
    this.#table.save(row)
    this.#sentAt.set(row.key, row.sentAt)
    const { promise } = this.#waiterOf(intent.key)
    await this.#broadcast(row)
    logger.debug(
      { obligation: row.key, nonce: row.nonce, hash: row.hashes.at(-1) },
      'sent',
    )
    this.#startPump()
    return { receipt: () => promise }
  }

  /**
   * Invariant: one nonce queue per key, behind everything that is under way or
   * may be again after a reorganisation, even if the node counts less.
   */
  #nonceFrom(next: number): number {
    return Math.max(next, (this.#table.open().at(-1)?.nonce ?? -1) + 1)
  }

  /** Gas limit of the call. */
  async #simulate(intent: Intent): Promise<bigint> {
    const { client, account, abi } = this.#options
    try {
      const gas = await client.estimateGas({
        account: account.address,
        to: intent.to,
        data: intent.data,
      })
      // Another block may begin what this one had: three new words, as in the sdk.
      const limit = gas + gas / 4n + 66_300n
      if (gas > maxGas)
        throw new TransactionError(
          'LY-OUTBOX-001',
          `${intent.kind} needs ${gas} gas`,
        )
      return limit < maxGas ? limit : maxGas
    } catch (error) {
      if (error instanceof TransactionError) throw error
      throw failedCall(intent.kind, revertReason(error, abi), error)
    }
  }

  /** What the market asks, and no more than is ever offered. */
  async #marketFees(): Promise<Fees> {
    const { client, maxFeeWei = highestFeeWei } = this.#options
    return capFees(await client.estimateFeesPerGas(), maxFeeWei)
  }

  async #sign(row: OutboxRow): Promise<OutboxRow> {
    const { client, account } = this.#options
    const raw = await account.signTransaction({
      type: 'eip1559',
      chainId: client.chain?.id ?? (await client.getChainId()),
      ...(row.cancelled
        ? { to: account.address, gas: transferGas }
        : { to: row.target, data: row.data, gas: row.gas }),
      nonce: row.nonce,
      ...row.fees,
    })
    const sentAt = this.#now()
    return { ...row, raw, sentAt, hashes: [...row.hashes, keccak256(raw)] }
  }

  async #broadcast(row: OutboxRow): Promise<void> {
    const { client, logger } = this.#options
    const { pauseMs = resendMs / 2 } = this.#again.get(row.key) ?? {}
    try {
      await client.sendRawTransaction({ serializedTransaction: row.raw })
      this.#sendAgainIn(row, rebroadcastMs)
    } catch (error) {
      this.#sendAgainIn(row, Math.min(2 * pauseMs, longestResendMs))
      // Unknown, not failed: it may be known already, mined, or lost on the way.
      logger.debug(
        { obligation: row.key, error: errorText(error) },
        'a send has no answer',
      )
    }
  }

  #sendAgainIn({ key }: OutboxRow, pauseMs: number): void {
    this.#again.set(key, { at: this.#now() + pauseMs, pauseMs })
  }

  #startPump(): void {
    if (this.#pump !== undefined || this.#stopped) return
    this.#pump = this.#watch().finally(() => {
      this.#pump = undefined
      if (!this.#stopped && this.#table.open().length > 0) this.#startPump()
    })
  }

  async #watch(): Promise<void> {
    const { logger, metrics, pollMs = 250 } = this.#options
    while (!this.#stopped) {
      const rows = this.#table.open()
      const live = rows.filter(({ state }) => state === 'live')
      metrics.pending.set(live.length)
      if (rows.length === 0) return
      for (const look of [
        () => this.#lookAtLive(live, rows),
        () => this.#lookAtSeen(rows),
      ])
        await look().catch((error: unknown) =>
          logger.debug(
            { error: errorText(error) },
            'the chain did not answer for the outbox',
          ),
        )
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
  }

  async #lookAtLive(
    live: readonly OutboxRow[],
    open: readonly OutboxRow[],
  ): Promise<void> {
    if (live.length === 0) return
    const { client, logger } = this.#options
    // The count first: a receipt that appears after it is found below.
    const next = await client.getTransactionCount({ address: this.address })
    for (const row of live)
      await this.#look(row, next).catch((error: unknown) =>
        logger.debug(
          { obligation: row.key, error: errorText(error) },
          'the chain did not answer',
        ),
      )
    await this.#fillGap(open, next)
  }

  /** @param next - The nonce that the chain takes next. */
  async #look(row: OutboxRow, next: number): Promise<void> {
    const { replaceAfterMs = 30_000 } = this.#options
    const receipt = await this.#findReceipt(row)
    const asked = this.#table.requestOf(row.nonce)
    if (receipt !== undefined || next > row.nonce)
      this.#table.dropRequest(row.nonce)
    if (receipt !== undefined) return this.#finish(row, receipt)
    if (next > row.nonce) {
      const looks = (this.#stolen.get(row.key) ?? 0) + 1
      this.#stolen.set(row.key, looks)
      return looks < certainLooks ? undefined : this.#takeNewNonce(row)
    }
    this.#stolen.delete(row.key)
    if (asked !== undefined) {
      await this.#replace(
        asked === 'cancel' ? { ...row, cancelled: true } : row,
      )
      return this.#table.dropRequest(row.nonce)
    }
    // One that waits for another is not helped by a higher fee.
    if (next === row.nonce && this.#now() - row.sentAt > replaceAfterMs)
      return this.#replace(row)
    if (this.#now() >= (this.#again.get(row.key)?.at ?? 0))
      await this.#broadcast(row)
  }

  /**
   * Whether what was mined still is: a transaction of a block that is gone waits
   * again, under its nonce; one that is deep enough is done for good.
   */
  async #lookAtSeen(rows: readonly OutboxRow[]): Promise<void> {
    const { client } = this.#options
    if (!rows.some(({ seenIn }) => seenIn !== undefined)) return
    const head = await client.getBlock({ includeTransactions: false })
    const linked = [head.hash, head.parentHash].includes(
      this.#checkedAt ?? '0x',
    )
    const hashes = new Map<bigint, Hex>([[head.number, head.hash]])
    for (const row of rows) {
      const { seenIn } = row
      if (seenIn === undefined) continue
      const deep = head.number - seenIn.number >= BigInt(row.confirmations)
      if (linked && !deep) continue
      const hash =
        hashes.get(seenIn.number) ??
        (await client.getBlock({ blockNumber: seenIn.number })).hash
      hashes.set(seenIn.number, hash)
      // Somebody may have sent it anew meanwhile.
      if (this.#table.find(row.key)?.seenIn?.hash !== seenIn.hash) continue
      if (hash !== seenIn.hash) this.#reopen(row)
      else if (deep) this.#table.save({ ...row, seenIn: undefined })
    }
    this.#checkedAt = head.hash
  }

  /** The block that had it is gone: it is live again, and sent at the next look. */
  #reopen(row: OutboxRow): void {
    this.#options.logger.warn(
      { event: 'tx.undone', kind: row.kind, obligation: row.key },
      'a reorganisation undid a transaction',
    )
    this.#again.delete(row.key)
    this.#table.save({
      ...row,
      state: 'live',
      seenIn: undefined,
      sentAt: this.#now(),
    })
  }

  /**
   * A nonce that nobody uses holds up all behind it for ever. It comes about when
   * one that reverted is undone and forgotten by the node: a transfer of nothing
   * to ourselves takes its place.
   */
  async #fillGap(open: readonly OutboxRow[], next: number): Promise<void> {
    const behind = open.filter(({ nonce }) => nonce >= next)
    const [first] = behind
    if (
      first === undefined ||
      first.nonce === next ||
      // The node counts less than it has mined: it is late.
      behind.some(({ seenIn }) => seenIn !== undefined)
    ) {
      this.#gap = 0
      return
    }
    this.#gap += 1
    if (this.#gap < certainLooks) return
    this.#gap = 0
    const { client, logger } = this.#options
    const self = this.address
    const row = await this.#sign({
      key: `${fillKind}:${next}`,
      kind: fillKind,
      target: self,
      data: '0x',
      gas: await client.estimateGas({ account: self, to: self }),
      nonce: next,
      fees: await this.#marketFees(),
      state: 'live',
      hashes: [],
      raw: '0x',
      sentAt: 0,
      cancelled: false,
      seenIn: undefined,
      confirmations: confirmationsFor(0n),
    })
    this.#table.save(row)
    logger.warn(
      { event: 'nonce.filled', nonce: next },
      'filled a gap of nonces',
    )
    await this.#broadcast(row)
  }

  /** Of the chain as it is; one of a block that is gone says nothing. */
  async #findReceipt(row: OutboxRow): Promise<TransactionReceipt | undefined> {
    const { client } = this.#options
    for (const hash of [...row.hashes].reverse()) {
      try {
        const receipt = await client.getTransactionReceipt({ hash })
        const { blockNumber, blockHash } = receipt
        const block = await client.getBlock({ blockNumber })
        if (block.hash === blockHash) return receipt
      } catch (error) {
        if (!(error instanceof TransactionReceiptNotFoundError)) throw error
      }
    }
    return undefined
  }

  async #finish(row: OutboxRow, receipt: TransactionReceipt): Promise<void> {
    const { metrics, logger, onCost } = this.#options
    onCost?.(receipt.gasUsed * receipt.effectiveGasPrice)
    this.#again.delete(row.key)
    this.#stolen.delete(row.key)
    // Either of them may have been mined, the call or what cancels it.
    const cancelled =
      row.cancelled && receipt.to?.toLowerCase() === this.address.toLowerCase()
    const good = receipt.status === 'success' && !cancelled
    this.#table.save({
      ...row,
      state: good ? 'mined' : 'reverted',
      seenIn: { number: receipt.blockNumber, hash: receipt.blockHash },
    })
    metrics.transactions.inc({
      kind: row.kind,
      outcome: good ? 'mined' : cancelled ? 'cancelled' : 'reverted',
    })
    const sentAt = this.#sentAt.get(row.key)
    if (sentAt !== undefined)
      metrics.transactionSeconds.observe(
        { kind: row.kind },
        (this.#now() - sentAt) / 1_000,
      )
    this.#sentAt.delete(row.key)
    logger.info(
      {
        event: 'tx.mined',
        kind: row.kind,
        obligation: row.key,
        hash: receipt.transactionHash,
        gas: Number(receipt.gasUsed),
        status: receipt.status,
      },
      'transaction mined',
    )
    const waiter = this.#waiterOf(row.key)
    this.#waiters.delete(row.key)
    if (good) waiter.resolve(receipt)
    else
      waiter.reject(
        cancelled
          ? new TransactionError('LY-OUTBOX-002', `${row.kind} was cancelled`)
          : await this.#reverted(row, receipt),
      )
  }

  async #reverted(
    row: OutboxRow,
    receipt: TransactionReceipt,
  ): Promise<TransactionError> {
    const { client, account, abi } = this.#options
    const reason = await client
      .call({
        account: account.address,
        to: row.target,
        data: row.data,
        gas: row.gas,
        blockNumber: receipt.blockNumber,
      })
      .then(
        () => undefined,
        (error: unknown) => revertReason(error, abi),
      )
    return new TransactionError(
      'LY-TX-003',
      `${row.kind} reverted: ${reason?.name ?? 'no reason found'}`,
      { reason: reason ?? { name: 'Reverted', args: [] } },
    )
  }

  /** Somebody else used the nonce: the same obligation under a new one. */
  async #takeNewNonce(row: OutboxRow): Promise<void> {
    const { key, kind, target: to, data } = row
    // Invariant: the row stays live until another one takes its place, so that
    // a crash or a node without an answer forgets nothing.
    const retry = this.#turn.then(async () => {
      if (kind === fillKind) this.#table.save({ ...row, state: 'reverted' })
      else await this.#create({ key, kind, to, data }, row)
    })
    this.#turn = retry.catch(() => undefined) // handled below
    try {
      await retry
      this.#stolen.delete(key)
    } catch (error) {
      const refused =
        error instanceof TransactionError &&
        (error.reason !== undefined || error.code === 'LY-OUTBOX-001')
      if (!refused) throw error // the next look asks again
      this.#stolen.delete(key)
      this.#table.save({ ...row, state: 'reverted' })
      const waiter = this.#waiterOf(key)
      this.#waiters.delete(key)
      waiter.reject(error)
    }
  }

  async #replace(row: OutboxRow): Promise<void> {
    const { logger, metrics, maxFeeWei = highestFeeWei } = this.#options
    const fees = bumpFees(row.fees, await this.#marketFees(), maxFeeWei)
    if (fees === undefined) {
      logger.warn({ obligation: row.key }, 'the fee cap is reached')
      const kept = this.#table.find(row.key) ?? row
      this.#table.save({ ...kept, sentAt: this.#now() })
      return this.#broadcast(kept)
    }
    const replacement = await this.#sign({ ...row, fees })
    this.#table.save(replacement)
    metrics.replacements.inc()
    logger.info(
      { obligation: row.key, nonce: row.nonce },
      'replaced a transaction',
    )
    await this.#broadcast(replacement)
  }

  /** Of a mined row; waits for another where a reorganisation took the first. */
  async #receiptOf(row: OutboxRow): Promise<TransactionReceipt> {
    let receipt: TransactionReceipt | undefined
    try {
      receipt = await this.#findReceipt(row)
    } catch (error) {
      throw failedCall(row.kind, undefined, error)
    }
    if (receipt !== undefined) return receipt
    const now = this.#table.find(row.key)
    if (now?.state === 'mined') this.#reopen(now)
    if (now?.state === 'reverted')
      throw new TransactionError('LY-TX-003', `${row.kind} reverted`, {
        reason: { name: 'Reverted', args: [] },
      })
    const { promise } = this.#waiterOf(row.key)
    this.#startPump()
    return promise
  }

  #waiterOf(key: string): Waiter {
    const existing = this.#waiters.get(key)
    if (existing !== undefined) return existing
    let resolve: Waiter['resolve'] = () => undefined
    let reject: Waiter['reject'] = () => undefined
    const promise = new Promise<TransactionReceipt>((onResolve, onReject) => {
      resolve = onResolve
      reject = onReject
    })
    promise.catch(() => undefined) // whoever waits sees it
    const waiter = { promise, resolve, reject }
    this.#waiters.set(key, waiter)
    return waiter
  }

  #now(): number {
    return (this.#options.now ?? Date.now)()
  }
}

function failedCall(
  kind: string,
  reason: RevertReason | undefined,
  cause: unknown,
): TransactionError {
  if (reason === undefined)
    return new TransactionError(
      toLynodeError(cause).code,
      `${kind}: the node did not answer: ${errorText(cause)}`,
      { cause },
    )
  return new TransactionError(
    contractErrors[reason.name] ?? 'LY-TX-002',
    `${kind} would revert: ${reason.name}(${reason.args.map(String).join(', ')})`,
    { reason, cause },
  )
}
