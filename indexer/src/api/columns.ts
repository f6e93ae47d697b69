import { z } from '@hono/zod-openapi'
import { type Column, getTableColumns, type Table } from 'drizzle-orm'
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core'

/** How a column travels: amounts as text, since JSON's numbers end at 2^53. */
export type ColumnKind = 'amount' | 'hex' | 'integer' | 'flag' | 'text' | 'json'

/** Columns by name; the position stays inside, since cursors carry it. */
export function columnsOf(table: Table): Record<string, Column> {
  const { position: _, ...columns } = getTableColumns(table)
  return columns
}

/** Columns of the primary key besides the chain. */
export function keyOf(table: PgTable): Column[] {
  const [key] = getTableConfig(table).primaryKeys
  const names = key?.columns.map(({ name }) => name) ?? []
  return Object.entries(getTableColumns(table))
    .filter(
      ([name, column]) => name !== 'chainId' && names.includes(column.name),
    )
    .map(([, column]) => column)
}

export function kindOf(column: Column): ColumnKind {
  switch (column.columnType) {
    case 'PgEvmBigint':
      return 'amount'
    case 'PgHex':
      return 'hex'
    case 'PgInteger':
    case 'PgBigInt53':
      return 'integer'
    case 'PgBoolean':
      return 'flag'
    case 'PgText':
      return 'text'
    default:
      return 'json'
  }
}

const schemas = {
  amount: z
    .string()
    .regex(/^-?\d+$/)
    .openapi({ example: '1000000000000000000' }),
  hex: z.string().regex(/^0x[0-9a-f]*$/),
  integer: z.int(),
  flag: z.boolean(),
  text: z.string(),
  json: z.unknown(),
}

/** The schema of a value in an answer. */
export function schemaOf(column: Column): z.ZodType {
  const kind = kindOf(column)
  const schema = schemas[kind]
  return column.notNull || kind === 'json' ? schema : schema.nullable()
}

const uint = (digits: number) =>
  z.string().regex(new RegExp(`^\\d{1,${digits}}$`))

const filters = {
  amount: uint(78).transform(BigInt),
  hex: z
    .string()
    .regex(/^0x[0-9a-fA-F]{1,128}$/)
    .transform((text) => text.toLowerCase()),
  integer: uint(15).transform(Number),
  flag: z.enum(['true', 'false']).transform((text) => text === 'true'),
  text: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[\w.:-]+$/),
  json: z.never(),
}

/** The schema of a filter, or of an id in a path. */
export function filterOf(column: Column): z.ZodType {
  // As wide as the column: a number beyond it would be the database's error.
  if (column.columnType === 'PgInteger')
    return filters.integer.pipe(z.number().max(2 ** 31 - 1))
  return filters[kindOf(column)]
}

/** A row as it travels. */
export function serialise(
  columns: Record<string, Column>,
  row: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(columns).map((name) => {
      const value = row[name]
      return [name, typeof value === 'bigint' ? value.toString() : value]
    }),
  )
}
