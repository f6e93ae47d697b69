import {
  getTableConfig,
  type PgColumn,
  type PgTable,
} from 'drizzle-orm/pg-core'
import * as schema from '../ponder.schema.js'
import type { Row, TableName } from '../src/domain/change.js'
import type { DomainEvent, Rule } from '../src/domain/event.js'
import { apply, type Store } from '../src/store.js'

const tables: Record<TableName, PgTable> = schema

/** Tables in memory, which take what rules say as the database does. */
export class MemoryStore implements Store {
  readonly #tables = new Map<TableName, Map<string, object>>()
  #position = 0

  async find(table: TableName, key: object) {
    return this.#of(table).get(keyOf(table, key))
  }

  async upsert(
    table: TableName,
    row: object,
    change: ((row: never) => object) | undefined,
  ) {
    const key = keyOf(table, row)
    const known = this.#of(table).get(key)
    if (known === undefined) this.#of(table).set(key, row)
    else if (change !== undefined)
      this.#of(table).set(key, { ...known, ...change(known as never) })
  }

  async update(table: TableName, key: object, change: (row: never) => object) {
    const text = keyOf(table, key)
    const known = this.#of(table).get(text)
    if (known !== undefined)
      this.#of(table).set(text, { ...known, ...change(known as never) })
  }

  rows<table extends TableName>(table: table): Row<table>[] {
    return [...this.#of(table).values()] as Row<table>[]
  }

  /** Lets a rule see an event, in a block of its own unless it says otherwise. */
  async see<args>(
    rule: Rule<args>,
    args: args,
    more: Partial<DomainEvent<args>> = {},
  ): Promise<void> {
    this.#position += 1
    const event: DomainEvent<args> = {
      chainId: 31_337,
      address: `0x${'aa'.repeat(20)}`,
      args,
      block: this.#position,
      time: 1_000 + this.#position,
      position: this.#position,
      transaction: {
        hash: `0x${this.#position.toString(16).padStart(64, '0')}`,
        from: `0x${'bb'.repeat(20)}`,
        to: null,
        input: '0x',
      },
      ...more,
    }
    await apply(this, event, rule(event))
  }

  #of(table: TableName): Map<string, object> {
    const known = this.#tables.get(table) ?? new Map<string, object>()
    this.#tables.set(table, known)
    return known
  }
}

function keyOf(table: TableName, row: object): string {
  const [key] = getTableConfig(tables[table]).primaryKeys
  const names = Object.entries(tables[table])
    .filter(([, column]) =>
      key?.columns.some(({ name }) => name === (column as PgColumn).name),
    )
    .map(([name]) => name)
  return names.map((name) => `${(row as Record<string, unknown>)[name]}`).join()
}
