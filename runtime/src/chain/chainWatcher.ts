import type { Logger } from 'pino'
import {
  type Abi,
  type Address,
  type Hex,
  type ParseEventLogsReturnType,
  type PublicClient,
  parseEventLogs,
} from 'viem'
import type { Metrics } from '../metrics/metrics.js'
import type { Database } from '../store/openDatabase.js'

/** The newest block that has been read: the daemon's clock (F4). */
export type Head = { number: bigint; timestamp: bigint; hash: Hex }

/** An event of the watched contracts, decoded. */
export type ChainEvent<abi extends Abi> = ParseEventLogsReturnType<
  abi,
  undefined,
  true
>[number]

export type ChainWatcherOptions<abi extends Abi> = {
  client: PublicClient
  database: Database
  addresses: readonly Address[]
  /** Events of the watched contracts. */
  abi: abi
  logger: Logger
  metrics: Metrics
  /** Where a fresh database begins. Default 0. */
  fromBlock?: bigint | undefined
  /** Most blocks of one request for logs. Default 1,000. */
  range?: bigint | undefined
  /**
   * Takes one event. Events may come again after a restart or a reorganisation,
   * so it must be idempotent and read the chain before it acts.
   */
  onEvent: (event: ChainEvent<abi>) => void | Promise<void>
}

/** Blocks that are read again when the last one has been replaced. */
const rewindBlocks = 64n

/**
 * Follows the events of some contracts from a stored cursor, in order, at least
 * once. A failed request changes nothing: the next turn repeats it.
 */
export class ChainWatcher<abi extends Abi> {
  readonly #options: ChainWatcherOptions<abi>
  #head: Head | undefined

  constructor(options: ChainWatcherOptions<abi>) {
    this.#options = options
    options.database.exec(`CREATE TABLE IF NOT EXISTS cursor (
      id INTEGER PRIMARY KEY CHECK (id = 0), block TEXT NOT NULL,
      hash TEXT NOT NULL)`)
  }

  /** The newest block whose events have all been delivered. */
  get head(): Head | undefined {
    return this.#head
  }

  /** Reads up to the newest block; resolves when its events are delivered. */
  async turn(): Promise<void> {
    const { client, metrics, range = 1_000n } = this.#options
    const block = await client.getBlock({ includeTransactions: false })
    let next = await this.#nextBlock(block.number)
    while (next <= block.number) {
      const to =
        next + range - 1n < block.number ? next + range - 1n : block.number
      await this.#deliver(next, to)
      const hash =
        to === block.number
          ? block.hash
          : (await client.getBlock({ blockNumber: to })).hash
      this.#save(to, hash)
      next = to + 1n
    }
    this.#head = {
      number: block.number,
      timestamp: block.timestamp,
      hash: block.hash,
    }
    metrics.head.set(Number(block.number))
  }

  async #deliver(fromBlock: bigint, toBlock: bigint): Promise<void> {
    const { client, abi, addresses, onEvent } = this.#options
    const logs = await client.getLogs({
      address: [...addresses],
      fromBlock,
      toBlock,
    })
    for (const event of parseEventLogs({ abi, logs, strict: true }))
      await onEvent(event as ChainEvent<abi>)
  }

  /** Where to go on; further back when the last block is no longer there. */
  async #nextBlock(newest: bigint): Promise<bigint> {
    const { client, database, logger, metrics, fromBlock = 0n } = this.#options
    const row = database
      .prepare('SELECT block, hash FROM cursor WHERE id = 0')
      .get() as { block: string; hash: Hex } | undefined
    if (row === undefined) return fromBlock
    const last = BigInt(row.block)
    if (last <= newest) {
      const { hash } = await client.getBlock({ blockNumber: last })
      if (hash === row.hash) return last + 1n
    }
    const back = last < newest ? last : newest
    const next =
      back > fromBlock + rewindBlocks ? back - rewindBlocks : fromBlock
    metrics.reorgs.inc()
    logger.warn({ block: row.block, next: String(next) }, 'chain reorganised')
    return next
  }

  #save(block: bigint, hash: Hex): void {
    this.#options.database
      .prepare(
        'INSERT OR REPLACE INTO cursor (id, block, hash) VALUES (0, ?, ?)',
      )
      .run(String(block), hash)
  }
}
