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

/** Blocks whose hashes are kept: a reorganisation is followed back to where it began. */
const keptBlocks = 128

/** Blocks that are read again when it began before all of those. */
const rewindBlocks = 64n

/** Newest blocks, each of which is read by its hash. */
const nearBlocks = 16n

type Known = { number: bigint; hash: Hex }

/**
 * Follows the events of some contracts from a stored cursor, in order, at least
 * once. A failed request changes nothing: the next turn repeats it. Near the head
 * each block must have the one before it as its parent and is asked for its
 * events by its hash: of several nodes behind one URL some are late, and would
 * say of a block that they do not have that nothing happened in it.
 */
export class ChainWatcher<abi extends Abi> {
  readonly #options: ChainWatcherOptions<abi>
  #head: Head | undefined

  constructor(options: ChainWatcherOptions<abi>) {
    this.#options = options
    options.database.exec(`CREATE TABLE IF NOT EXISTS blocks (
      number INTEGER PRIMARY KEY, hash TEXT NOT NULL)`)
  }

  /** The newest block whose events have all been delivered. */
  get head(): Head | undefined {
    return this.#head
  }

  /** Reads up to the newest block; resolves when its events are delivered. */
  async turn(): Promise<void> {
    const { client, range = 1_000n, fromBlock = 0n } = this.#options
    const latest = await client.getBlock({ includeTransactions: false })
    let last = this.#knownBelow(undefined)
    if (last !== undefined && latest.number <= last.number) {
      const hash = this.#hashAt(latest.number)
      if (latest.hash === last.hash) this.#moveTo(latest)
      // Ours, or older than all that is kept: the node is late.
      if (hash === undefined || hash === latest.hash) return
      last = await this.#rewind(latest.number)
    }
    let rewound = false
    for (;;) {
      const next = last === undefined ? fromBlock : last.number + 1n
      if (next > latest.number) return
      if (next + nearBlocks <= latest.number) {
        const far = latest.number - nearBlocks
        const to = next + range - 1n < far ? next + range - 1n : far
        await this.#deliver({ fromBlock: next, toBlock: to })
        const { hash } = await client.getBlock({ blockNumber: to })
        last = this.#save({ number: to, hash })
        continue
      }
      const block: Head & { parentHash: Hex } =
        next === latest.number
          ? latest
          : await client.getBlock({ blockNumber: next })
      if (last !== undefined && block.parentHash !== last.hash) {
        if (rewound) return // the nodes contradict each other: another turn
        rewound = true
        last = await this.#rewind(last.number)
        continue
      }
      await this.#deliver({ blockHash: block.hash })
      last = this.#save(block)
      this.#moveTo(block)
    }
  }

  #moveTo({ number, timestamp, hash }: Head): void {
    this.#head = { number, timestamp, hash }
    this.#options.metrics.head.set(Number(number))
  }

  async #deliver(
    blocks: { fromBlock: bigint; toBlock: bigint } | { blockHash: Hex },
  ): Promise<void> {
    const { client, abi, addresses, onEvent } = this.#options
    const logs = await client.getLogs({ address: [...addresses], ...blocks })
    for (const event of parseEventLogs({ abi, logs, strict: true }))
      await onEvent(event as ChainEvent<abi>)
  }

  /**
   * Forgets the blocks that are no longer there.
   *
   * @param from - Highest block that may still be.
   * @returns the last one that is; `undefined` to begin anew.
   */
  async #rewind(from: bigint): Promise<Known | undefined> {
    const { client, logger, metrics, fromBlock = 0n } = this.#options
    let known = this.#knownBelow(from)
    let oldest = known
    while (known !== undefined) {
      oldest = known
      const { hash } = await client.getBlock({ blockNumber: known.number })
      if (hash === known.hash) break
      known = this.#knownBelow(known.number - 1n)
    }
    metrics.reorgs.inc()
    logger.warn(
      { block: String(from), common: known && String(known.number) },
      'chain reorganised',
    )
    this.#options.database
      .prepare('DELETE FROM blocks WHERE number > ?')
      .run(Number(known?.number ?? -1n))
    if (known !== undefined || oldest === undefined) return known
    const number = oldest.number - rewindBlocks
    if (number <= fromBlock) return undefined
    const { hash } = await client.getBlock({ blockNumber: number })
    return this.#save({ number, hash })
  }

  /** The newest known block up to a number. */
  #knownBelow(number: bigint | undefined): Known | undefined {
    const row = this.#options.database
      .prepare(
        'SELECT number, hash FROM blocks WHERE number <= ? ORDER BY number DESC LIMIT 1',
      )
      .get(number === undefined ? Number.MAX_SAFE_INTEGER : Number(number)) as
      | { number: number; hash: Hex }
      | undefined
    return row && { number: BigInt(row.number), hash: row.hash }
  }

  #hashAt(number: bigint): Hex | undefined {
    const known = this.#knownBelow(number)
    return known?.number === number ? known.hash : undefined
  }

  #save({ number, hash }: Known): Known {
    const { database } = this.#options
    // One commit for both: each one waits for the disk.
    database.transaction(() => {
      database
        .prepare('INSERT OR REPLACE INTO blocks VALUES (?, ?)')
        .run(Number(number), hash)
      database
        .prepare('DELETE FROM blocks WHERE number <= ?')
        .run(Number(number) - keptBlocks)
    })()
    return { number, hash }
  }
}
