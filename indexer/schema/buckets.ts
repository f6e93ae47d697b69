import { index, onchainTable, primaryKey } from 'ponder'
import { base, count, time } from './columns.js'

// Only hours are counted: days, and the sums over all tokens, are views.

/** What became of jobs in an hour, by their pay token: `0x` if nobody has shown the order. */
export const marketHour = onchainTable(
  'market_hour',
  (t) => ({
    ...base(t),
    start: time(t),
    token: t.hex().notNull(),
    /** First locks. */
    jobs: count(t),
    locked: count(t),
    delivered: count(t),
    settled: count(t),
    convicted: count(t),
    expired: count(t),
    refunded: count(t),
    /** Of settled jobs. */
    volume: t.bigint().notNull(),
    fees: t.bigint().notNull(),
    royalties: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.start, table.token] }),
  }),
)

/** Slashes of an hour, and the stake at its last change within it. */
export const stakeHour = onchainTable(
  'stake_hour',
  (t) => ({
    ...base(t),
    start: time(t),
    slashes: count(t),
    slashed: t.bigint().notNull(),
    activeStake: t.bigint(),
    delegatedStake: t.bigint(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.chainId, table.start] }) }),
)

/** What a model's jobs cost that were settled in an hour, by pay token. */
export const modelHour = onchainTable(
  'model_hour',
  (t) => ({
    ...base(t),
    start: time(t),
    modelId: t.hex().notNull(),
    token: t.hex().notNull(),
    jobs: count(t),
    steps: count(t),
    volume: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({
      columns: [table.chainId, table.start, table.modelId, table.token],
    }),
    newest: index().on(table.start),
    model: index().on(table.modelId, table.start),
  }),
)
