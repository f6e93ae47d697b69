import type { Change, Row, Step, TableName } from './domain/change.js'
import type { DomainEvent } from './domain/event.js'

/** The part of a database that rules need. Rows and keys have all columns. */
export type Store = {
  find(table: TableName, key: object): Promise<object | undefined>
  /** Makes the row, or changes the one that is there. */
  upsert(
    table: TableName,
    row: object,
    change: ((row: never) => object) | undefined,
  ): Promise<void>
  update(
    table: TableName,
    key: object,
    change: (row: never) => object,
  ): Promise<void>
}

/** Does what a rule says of an event. */
export async function apply(
  store: Store,
  event: DomainEvent<unknown>,
  step: Step,
): Promise<void> {
  let now = step
  while ('next' in now) {
    const { table, key, update, next } = now
    const whole = { chainId: event.chainId, ...key }
    if (update === undefined) now = next(await store.find(table, whole))
    else {
      let then: Step = []
      await store.update(table, whole, (row) => {
        then = next(row)
        return { ...update(row), block: event.block }
      })
      now = then
    }
  }
  for (const change of now) await write(store, event, change)
}

async function write(
  store: Store,
  { chainId, position, time, block }: DomainEvent<unknown>,
  change: Change,
): Promise<void> {
  const { table, key, insert } = change
  const update = change.update as ((row: Row<TableName>) => object) | undefined
  const changed =
    update && ((row: Row<TableName>) => ({ ...update(row), block }))
  if (insert !== undefined)
    await store.upsert(
      table,
      // The row first: it is longer, and the first one is copied as a whole.
      { ...insert, chainId, position, createdAt: time, block },
      changed,
    )
  else if (changed !== undefined)
    await store.update(table, { chainId, ...key }, changed)
}
