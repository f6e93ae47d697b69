import { index, onchainTable, primaryKey } from 'ponder'
import { base, count } from './columns.js'

export const rewardEpoch = onchainTable(
  'reward_epoch',
  (t) => ({
    ...base(t),
    epoch: count(t),
    budget: t.bigint().notNull(),
    fees: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.epoch] }),
    newest: index().on(table.position),
  }),
)

/** What a provider has earned of the reserve in an epoch. */
export const reward = onchainTable(
  'reward',
  (t) => ({
    ...base(t),
    epoch: count(t),
    providerId: t.integer().notNull(),
    fees: t.bigint().notNull(),
    jobs: count(t),
    amount: t.bigint().notNull(),
    granted: t.boolean().notNull(),
    paid: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.epoch, table.providerId] }),
    newest: index().on(table.position),
    provider: index().on(table.providerId, table.position),
  }),
)

/** The stakers' part of the fees of an epoch. */
export const stakerEpoch = onchainTable(
  'staker_epoch',
  (t) => ({
    ...base(t),
    epoch: count(t),
    pot: t.bigint().notNull(),
    paid: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.epoch] }),
    newest: index().on(table.position),
  }),
)

export const stakerClaim = onchainTable(
  'staker_claim',
  (t) => ({
    ...base(t),
    epoch: count(t),
    providerId: t.integer().notNull(),
    amount: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.epoch, table.providerId] }),
    newest: index().on(table.position),
    provider: index().on(table.providerId, table.position),
  }),
)

/** Rewards that a pool's owner and members were paid. */
export const distribution = onchainTable(
  'distribution',
  (t) => ({
    ...base(t),
    providerId: t.integer().notNull(),
    nonce: t.integer().notNull(),
    from: t.hex().notNull(),
    toOwner: t.bigint().notNull(),
    toMembers: t.bigint().notNull(),
    transaction: t.hex().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    provider: index().on(table.providerId, table.position),
  }),
)

/** How protocol fees were split. */
export const feeSplit = onchainTable(
  'fee_split',
  (t) => ({
    ...base(t),
    token: t.hex().notNull(),
    burnt: t.bigint().notNull(),
    stakers: t.bigint().notNull(),
    audits: t.bigint().notNull(),
    treasury: t.bigint().notNull(),
    transaction: t.hex().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.chainId, table.position] }) }),
)

/** A lot of the auction that buys LYN for fees. */
export const burnLot = onchainTable(
  'burn_lot',
  (t) => ({
    ...base(t),
    token: t.hex().notNull(),
    amount: t.bigint().notNull(),
    startPrice: t.bigint().notNull(),
    buyer: t.hex(),
    paid: t.bigint().notNull(),
    burnt: t.bigint().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.chainId, table.position] }) }),
)
