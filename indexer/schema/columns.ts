import type { PgColumnsBuilders } from 'ponder'

/**
 * Columns of every table. A row belongs to one chain, and says where it came
 * from: `position` orders rows by their creation (block, then log), `createdAt`
 * is a block's time, `block` the last one that changed the row.
 */
export const base = (t: PgColumnsBuilders) => ({
  chainId: t.integer().notNull(),
  position: t.int8({ mode: 'number' }).notNull(),
  createdAt: t.int8({ mode: 'number' }).notNull(),
  block: t.int8({ mode: 'number' }).notNull(),
})

export const time = (t: PgColumnsBuilders) =>
  t.int8({ mode: 'number' }).notNull()
export const count = (t: PgColumnsBuilders) =>
  t.int8({ mode: 'number' }).notNull()
