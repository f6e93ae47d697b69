import { ponder } from 'ponder:registry'
import schema from 'ponder:schema'
import type { Hex } from 'viem'
import type { TableName } from './domain/change.js'
import { type DomainEvent, positionOf, type Rule } from './domain/event.js'
import { sources, vestingGrant } from './sources.js'
import { apply, type Store } from './store.js'

// Ponder's types know each table and event by itself; what is the same for all of them is written once.
type Database = {
  find(table: unknown, key: object): Promise<object | null>
  insert(table: unknown): {
    values(row: object): {
      onConflictDoNothing(): Promise<unknown>
      onConflictDoUpdate(change: (row: never) => object): Promise<unknown>
    }
  }
  update(
    table: unknown,
    key: object,
  ): { set(change: (row: never) => object): Promise<unknown> }
}

type Handler = (parameters: {
  event: {
    args: unknown
    log: { address: Hex; logIndex: number }
    block: { number: bigint; timestamp: bigint }
    transaction: { hash: Hex; from: Hex; to: Hex | null; input: Hex }
  }
  context: { db: Database; chain: { id: number } }
}) => Promise<void>

for (const [contract, { rules }] of Object.entries({
  ...sources,
  vestingGrant,
}))
  for (const [name, rule] of Object.entries(rules))
    on(`${contract}:${name}`, rule as Rule<unknown>)

/** Ponder hands every event the same database. */
let store: (Store & { db: Database }) | undefined

function on(name: string, rule: Rule<unknown>): void {
  const handler: Handler = async ({ event, context }) => {
    const block = Number(event.block.number)
    const happened: DomainEvent<unknown> = {
      chainId: context.chain.id,
      address: event.log.address,
      args: event.args,
      block,
      time: Number(event.block.timestamp),
      position: positionOf(block, event.log.logIndex),
      transaction: event.transaction,
    }
    if (context.db !== store?.db)
      store = { db: context.db, ...storeOf(context.db) }
    await apply(store, happened, rule(happened))
  }
  ponder.on(name as never, handler as never)
}

function storeOf(db: Database): Store {
  const of = (table: TableName) => schema[table] as unknown
  return {
    async find(table, key) {
      return (await db.find(of(table), key)) ?? undefined
    },
    async upsert(table, row, change) {
      const inserted = db.insert(of(table)).values(row)
      if (change === undefined) await inserted.onConflictDoNothing()
      else await inserted.onConflictDoUpdate(change)
    },
    async update(table, key, change) {
      try {
        await db.update(of(table), key).set(change)
      } catch (error) {
        // An event of a row that nothing made: an order through a stranger's
        // contract, say. To look first would be to look twice for every other.
        if (!isMissingRow(error)) throw error
      }
    },
  }
}

function isMissingRow(error: unknown): boolean {
  return error instanceof Error && error.name === 'RecordNotFoundError'
}
