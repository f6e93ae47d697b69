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
import { bumpFees, type Fees } from './bumpFees.js'
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
const rebroadcastMs = 5_000
/** Highest fee per gas that is ever offered unless the options say otherwise. */
export const highestFeeWei = 500_000_000_000n
/** Gas of a transaction that does nothing. */
const transferGas = 21_000n

/**
 * Sends transactions of one key so that each obligation is met once, through
 * crashes, lost answers and full blocks: the signed transaction is stored before
 * it is sent, a failed send is unknown until the chain says otherwise, and
 * replacements keep their nonce.
 *
 * @example
 * const receipt = await outbox.send({ key: `settle:${jobId}`, kind: 'settle', to, data })
 */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #table: OutboxTable
  readonly #waiters = new Map<string, Waiter>()
  /** When this process sent a transaction first, in milliseconds. */
  readonly #sentAt = new Map<string, number>()
  #turn: Promise<unknown> = Promise.resolve()
  #pump: Promise<void> | undefined
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

  async #create(intent: Intent): Promise<Sent> {
    const { client, account, logger } = this.#options
    const before = this.#table.find(intent.key)
    if (before?.state === 'mined')
      return { receipt: () => this.#receiptOf(before) }
    // Invariant: a waiter leaves the map in the tick in which its row is done.
    if (before?.state === 'live') {
      const { promise } = this.#waiterOf(intent.key)
      return { receipt: () => promise }
    }
    const gas = await this.#simulate(intent)
    const [mined, fees] = await Promise.all([
      client.getTransactionCount({ address: account.address }),
      this.#marketFees(),
    ])
    // Invariant: one nonce queue per key; never below what is already stored.
    const last = this.#table.live().at(-1)?.nonce ?? -1
    const nonce = Math.max(mined, last + 1)
    const row = await this.#sign({
      key: intent.key,
      kind: intent.kind,
      target: intent.to,
      data: intent.data,
      gas,
      nonce,
      fees,
      state: 'live',
      hashes: [],
      raw: '0x',
      sentAt: 0,
      cancelled: false,
    })
    this.#table.save(row)
    this.#sentAt.set(row.key, row.sentAt)
    const { promise } = this.#waiterOf(intent.key)
    await this.#broadcast(row)
    logger.debug(
      { obligation: row.key, nonce, hash: row.hashes.at(-1) },
      'sent',
    )
    this.#startPump()
    return { receipt: () => promise }
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
      const limit = gas + gas / 4n + 20_000n
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

  async #marketFees(): Promise<Fees> {
    const { client } = this.#options
    const { maxFeePerGas, maxPriorityFeePerGas } =
      await client.estimateFeesPerGas()
    return { maxFeePerGas, maxPriorityFeePerGas }
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
    try {
      await client.sendRawTransaction({ serializedTransaction: row.raw })
    } catch (error) {
      // Unknown, not failed: it may be known already, mined, or lost on the way.
      logger.debug(
        { obligation: row.key, error: errorText(error) },
        'a send has no answer',
      )
    }
  }

  #startPump(): void {
    if (this.#pump !== undefined || this.#stopped) return
    this.#pump = this.#watch().finally(() => {
      this.#pump = undefined
      if (this.#table.live().length > 0) this.#startPump()
    })
  }

  async #watch(): Promise<void> {
    const { logger, metrics, pollMs = 250 } = this.#options
    while (!this.#stopped) {
      const rows = this.#table.live()
      metrics.pending.set(rows.length)
      if (rows.length === 0) return
      for (const row of rows)
        await this.#look(row).catch((error: unknown) =>
          logger.debug(
            { obligation: row.key, error: errorText(error) },
            'the chain did not answer',
          ),
        )
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
  }

  async #look(row: OutboxRow): Promise<void> {
    const { client, replaceAfterMs = 30_000 } = this.#options
    // The count first: a receipt that appears after it is found below.
    const mined = await client.getTransactionCount({ address: this.address })
    const receipt = await this.#findReceipt(row)
    const asked = this.#table.requestOf(row.nonce)
    if (receipt !== undefined || mined > row.nonce)
      this.#table.dropRequest(row.nonce)
    if (receipt !== undefined) return this.#finish(row, receipt)
    if (mined > row.nonce) return this.#takeNewNonce(row)
    if (asked !== undefined) {
      await this.#replace(
        asked === 'cancel' ? { ...row, cancelled: true } : row,
      )
      return this.#table.dropRequest(row.nonce)
    }
    const ageMs = this.#now() - row.sentAt
    if (ageMs > replaceAfterMs) return this.#replace(row)
    if (ageMs > rebroadcastMs) await this.#broadcast(row)
  }

  async #findReceipt(row: OutboxRow): Promise<TransactionReceipt | undefined> {
    for (const hash of [...row.hashes].reverse()) {
      try {
        return await this.#options.client.getTransactionReceipt({ hash })
      } catch (error) {
        if (!(error instanceof TransactionReceiptNotFoundError)) throw error
      }
    }
    return undefined
  }

  async #finish(row: OutboxRow, receipt: TransactionReceipt): Promise<void> {
    const { metrics, logger, onCost } = this.#options
    onCost?.(receipt.gasUsed * receipt.effectiveGasPrice)
    // Either of them may have been mined, the call or what cancels it.
    const cancelled =
      row.cancelled && receipt.to?.toLowerCase() === this.address.toLowerCase()
    const good = receipt.status === 'success' && !cancelled
    this.#table.save({ ...row, state: good ? 'mined' : 'reverted' })
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
    const retry = this.#turn.then(async () => {
      this.#table.save({ ...row, state: 'reverted' })
      await this.#create({
        key: row.key,
        kind: row.kind,
        to: row.target,
        data: row.data,
      })
    })
    this.#turn = retry.catch(() => undefined) // handled below
    await retry.catch((error: unknown) => {
      const waiter = this.#waiterOf(row.key)
      this.#waiters.delete(row.key)
      waiter.reject(
        error instanceof TransactionError
          ? error
          : failedCall(row.kind, undefined, error),
      )
    })
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

  #receiptOf(row: OutboxRow): Promise<TransactionReceipt> {
    return this.#findReceipt(row).then((receipt) => {
      if (receipt !== undefined) return receipt
      throw failedCall(row.kind, undefined, new Error('the receipt is gone'))
    })
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
