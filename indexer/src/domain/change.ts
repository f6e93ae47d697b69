import type { PgTable } from 'drizzle-orm/pg-core'
import type * as schema from '../../ponder.schema.js'

type Schema = typeof schema

/** Names of the tables; views follow from them. */
export type TableName = {
  [name in keyof Schema]: Schema[name] extends PgTable ? name : never
}[keyof Schema]

/** A row as the database has it. */
export type Row<table extends TableName> = Schema[table]['$inferSelect']

/** Columns that every row gets from the event that made or changed it. */
export type BaseColumn = 'chainId' | 'position' | 'createdAt' | 'block'

/** What a rule says of a row: everything else. */
export type Values<table extends TableName> = Omit<Row<table>, BaseColumn>

/** Columns of a row that name it; the chain is added. */
export type Key<table extends TableName> = Partial<Values<table>> & {
  /** Of tables whose rows are single events. */
  position?: number
}

/** What an event does to one row. */
export type Change<table extends TableName = TableName> = {
  [name in table]: {
    table: name
    /** Names the row; taken from `insert` if that is given. */
    key?: Key<name>
    /** The row, if there is none yet; without it a missing row stays missing. */
    insert?: Values<name>
    /** What changes in a row that exists; without it it stays as it is. */
    update?: (row: Row<name>) => Partial<Values<name>>
  }
}[table]

/** What an event does: changes, or first a look at a row. */
export type Step = readonly Change[] | Reading

/** A row to be read, and changed at once if it says so, and what follows from what it was. */
export type Reading = {
  table: TableName
  key: Key<TableName>
  update?: (row: never) => object
  next: (row: unknown) => Step
}

/** Reads a row: undefined if there is none. */
export function read<table extends TableName>(
  table: table,
  key: Key<table>,
  then: (row: Row<table> | undefined) => Step,
): Reading {
  return {
    table,
    key: key as Key<TableName>,
    next: then as (row: unknown) => Step,
  }
}

/**
 * Changes a row, and goes on with what it was; nothing follows if there is none.
 * One look at the database, where `read` and `update` take two.
 *
 * @param then - Is called before the change, and keeps nothing of the row itself.
 */
export function changed<table extends TableName>(
  table: table,
  key: Key<table>,
  change: (row: Row<table>) => Partial<Values<table>>,
  then: (row: Row<table>) => Step,
): Reading {
  return {
    table,
    key: key as Key<TableName>,
    update: change as (row: never) => object,
    next: ((row?: Row<table>) => (row === undefined ? [] : then(row))) as (
      row: unknown,
    ) => Step,
  }
}

/** Makes a row unless it exists. */
export function insert<table extends TableName>(
  table: table,
  values: Values<table>,
): Change {
  return { table, insert: values } as unknown as Change
}

/** Changes a row if it exists. */
export function update<table extends TableName>(
  table: table,
  key: Key<table>,
  change: (row: Row<table>) => Partial<Values<table>>,
): Change {
  return { table, key, update: change } as unknown as Change
}

/** Makes a row, or changes the one that exists. */
export function upsert<table extends TableName>(
  table: table,
  values: Values<table>,
  change: (row: Row<table>) => Partial<Values<table>>,
): Change {
  return { table, insert: values, update: change } as unknown as Change
}
