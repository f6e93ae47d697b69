import {
  LynodeError,
  type LynodeReader,
  listItems,
  postItem,
  type RelayKind,
} from '@lynode/sdk'
import type { Logger } from 'pino'
import { errorText } from '../errors/errorText.js'
import { admitHeartbeat } from './admitHeartbeat.js'
import { admitOffer } from './admitOffer.js'
import { admitOrder } from './admitOrder.js'
import type { RelayEntry, RelayStore } from './relayStore.js'

const kinds: readonly RelayKind[] = ['order', 'offer', 'heartbeat']

const admit = {
  order: admitOrder,
  offer: admitOffer,
  heartbeat: admitHeartbeat,
} as const

/** Items that one turn takes from a peer. */
const pageSize = 100

export type RelayOptions = {
  client: LynodeReader
  store: RelayStore
  /** Base URLs of the relays that are read and told of new items. */
  peers: () => readonly string[]
  /** Block time in unix seconds. */
  now: () => number
  logger: Logger
  signal: AbortSignal
}

/**
 * Carries signed orders, offers and heartbeats. Every item is checked before it
 * is kept; a new one is sent to the peers, and the peers' lists are read, so
 * that no single relay can keep an order from anybody.
 */
export class Relay {
  readonly #options: RelayOptions
  /** Called with every new item, from a peer or from anybody. */
  onItem: (entry: RelayEntry) => void = () => undefined

  constructor(options: RelayOptions) {
    this.#options = options
  }

  get store(): RelayStore {
    return this.#options.store
  }

  /**
   * Checks, keeps and passes on a message.
   *
   * @throws LynodeError `LY-RLY-001` to `LY-RLY-003`.
   */
  async add(
    kind: RelayKind,
    json: unknown,
    from = '',
  ): Promise<{ id: string; isNew: boolean }> {
    const { store, peers, logger, signal } = this.#options
    const entry = await this.#admit(kind, json)
    // The newest heartbeat stays: one that was late would chase it round for ever.
    if (store.expiryOf(kind, entry.id) >= entry.expiry)
      return { id: entry.id, isNew: false }
    store.put(entry)
    this.onItem(entry)
    for (const peer of peers()) {
      if (peer === from) continue
      postItem(peer, kind, entry.body, signal).catch((error: unknown) =>
        // It reads our list anyway, or another peer does.
        logger.debug({ peer, kind, error: errorText(error) }, 'peer refused'),
      )
    }
    return { id: entry.id, isNew: true }
  }

  /** Reads what the peers have, and drops what has expired. */
  async turn(): Promise<void> {
    const { store, peers, now } = this.#options
    store.prune(now())
    await Promise.all(
      peers().flatMap((peer) => kinds.map((kind) => this.#read(peer, kind))),
    )
  }

  async #read(peer: string, kind: RelayKind): Promise<void> {
    const { store, logger, signal } = this.#options
    const after = store.cursor(peer, kind)
    try {
      const { items, latest } = await listItems(peer, kind, {
        after,
        limit: pageSize,
        signal,
      })
      // A peer that began anew counts from 1 again.
      if (latest < after) return store.setCursor(peer, kind, 0)
      for (const { sequence, id, message } of items) {
        // A heartbeat keeps its id; all else never changes under one.
        if (kind === 'heartbeat' || store.get(kind, id) === undefined)
          await this.add(kind, message, peer).catch((error: unknown) => {
            if (!isRefusal(error)) throw error // the chain is silent: later
            logger.debug({ peer, kind, error: error.code }, 'not admitted')
          })
        store.setCursor(peer, kind, sequence)
      }
    } catch (error) {
      logger.debug({ peer, kind, error: errorText(error) }, 'peer not read')
    }
  }

  #admit(kind: RelayKind, json: unknown): Promise<RelayEntry> {
    const { client, now } = this.#options
    return admit[kind](client, json, now())
  }
}

/** Whether a message was judged and found wanting. */
function isRefusal(error: unknown): error is LynodeError {
  return error instanceof LynodeError && error.code.startsWith('LY-RLY-')
}
