import type { LynodeReader } from '@lynode/sdk'
import {
  type AuditClock,
  type AuditEpoch,
  closeEpoch,
  encodeHeader,
  fallbackSeed,
  getAuditClock,
  getEpoch,
  requestSeed,
} from '@lynode/sdk/audits'
import type { Logger } from 'pino'
import { numberToHex, type PublicClient } from 'viem'
import { errorText } from '../errors/errorText.js'
import type { Outbox } from '../transactions/outbox.js'
import { TransactionError } from '../transactions/transactionError.js'

export type EpochKeeperOptions = {
  client: PublicClient & LynodeReader
  outbox: Outbox
  logger: Logger
  /** Block time in unix seconds. */
  now: () => number
  /** Seconds that others are given to do it. */
  patienceSeconds: number
}

/** Seeded epochs that are kept in memory. */
const mostSeeded = 1_000

/**
 * Gets epochs of audits a seed where nobody else does (RULES E1): closes them,
 * and after N seconds without an answer of the oracle takes the fixed block's
 * prevrandao, or asks the oracle again where the chain has none.
 */
export class EpochKeeper {
  readonly #options: EpochKeeperOptions
  readonly #running = new Map<number, Promise<void>>()
  /** Epochs with a seed, which do not change any more. */
  readonly #seeded = new Map<number, AuditEpoch>()
  #clock: AuditClock | undefined

  constructor(options: EpochKeeperOptions) {
    this.#options = options
  }

  /** Epoch of something delivered at a time. */
  async epochAt(time: number): Promise<number> {
    const { epoch } = await this.#readClock()
    return Math.floor(time / epoch)
  }

  /**
   * Reads an epoch, and begins what it lacks; that goes on by itself.
   *
   * @returns The epoch as it is now.
   */
  async advance(epoch: number): Promise<AuditEpoch> {
    const known = this.#seeded.get(epoch)
    if (known !== undefined) return known
    const found = await getEpoch(this.#options.client, { epoch })
    if (found.seed !== 0n) this.#remember(found)
    if (found.seed !== 0n || this.#running.has(epoch)) return found
    const move = await this.#moveOf(found)
    if (move === undefined) return found
    const running = move()
      .catch((error: unknown) => {
        const { logger } = this.#options
        // Somebody else did it, or it is too early by a block.
        if (error instanceof TransactionError && error.reason !== undefined)
          logger.debug({ epoch, reason: error.reason.name }, 'refused')
        else
          logger.warn(
            { event: 'epoch.failed', epoch, error: errorText(error) },
            'an epoch did not get on',
          )
      })
      .finally(() => this.#running.delete(epoch))
    this.#running.set(epoch, running)
    return found
  }

  /** Waits for what was begun. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.#running.values())
  }

  async #moveOf(found: AuditEpoch): Promise<(() => Promise<void>) | undefined> {
    const { now, patienceSeconds } = this.#options
    const { epoch, closedAt, requestedAt } = found
    const clock = await this.#readClock()
    if (closedAt === 0) {
      const endsAt = (epoch + 1) * clock.epoch
      return now() >= endsAt + patienceSeconds
        ? () => this.#close(epoch)
        : undefined
    }
    const late = (since: number) =>
      now() >= since + clock.fallbackAfter + patienceSeconds
    if (!late(closedAt)) return undefined
    return async () => {
      try {
        await this.#fallBack(found)
      } catch (error) {
        if (!late(requestedAt)) throw error
        await this.#ask(found)
      }
    }
  }

  #remember(found: AuditEpoch): void {
    this.#seeded.set(found.epoch, found)
    if (this.#seeded.size <= mostSeeded) return
    for (const epoch of this.#seeded.keys()) {
      this.#seeded.delete(epoch)
      return
    }
  }

  async #close(epoch: number): Promise<void> {
    const { client, outbox, logger } = this.#options
    await outbox.send({
      key: `epoch:${epoch}`,
      kind: 'closeEpoch',
      ...closeEpoch.transaction(client.addressBook.contracts, { epoch }),
    })
    logger.info({ event: 'epoch.closed', epoch }, 'epoch closed')
  }

  async #fallBack({ epoch, fallbackBlock }: AuditEpoch): Promise<void> {
    const { client, outbox, logger } = this.#options
    const block = await client.request({
      method: 'eth_getBlockByNumber',
      params: [numberToHex(fallbackBlock), false],
    })
    if (block === null) return
    await outbox.send({
      key: `seed:${epoch}:${fallbackBlock}`,
      kind: 'fallbackSeed',
      ...fallbackSeed.transaction(client.addressBook.contracts, {
        epoch,
        header: encodeHeader(block),
      }),
    })
    logger.warn(
      { event: 'seed.fallback', epoch, fallbackBlock: Number(fallbackBlock) },
      'the oracle gave no seed: the fixed block did',
    )
  }

  async #ask({ epoch, requestedAt }: AuditEpoch): Promise<void> {
    const { client, outbox } = this.#options
    await outbox.send({
      key: `request:${epoch}:${requestedAt}`,
      kind: 'requestSeed',
      ...requestSeed.transaction(client.addressBook.contracts, { epoch }),
    })
  }

  async #readClock(): Promise<AuditClock> {
    this.#clock ??= await getAuditClock(this.#options.client)
    return this.#clock
  }
}
