import { index, onchainTable, primaryKey } from 'ponder'
import { base, count, time } from './columns.js'

/** Providers and verifiers: ids are shared by both roles. */
export const providerEntry = onchainTable(
  'provider_entry',
  (t) => ({
    ...base(t),
    providerId: t.integer().notNull(),
    /** provider or verifier. */
    role: t.text().notNull(),
    owner: t.hex().notNull(),
    hotKey: t.hex().notNull(),
    endpoint: t.text().notNull(),
    capabilities: t.bigint().notNull(),
    /** Self-stake that does not thaw. */
    active: t.bigint().notNull(),
    thawing: t.bigint().notNull(),
    thawedAt: time(t),
    /** By bids, which are no jobs yet. Null for verifiers, of which no event tells it. */
    reserved: t.bigint(),
    jailedUntil: time(t),
    poolNonce: t.integer().notNull(),
    commissionBps: t.integer().notNull(),
    nextCommissionBps: t.integer().notNull(),
    commissionAt: time(t),
    rewardsVoidUntil: time(t),
    settled: count(t),
    expired: count(t),
    declined: count(t),
    convicted: count(t),
    voided: count(t),
    slashed: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.providerId] }),
    newest: index().on(table.position),
    role: index().on(table.role, table.position),
    owner: index().on(table.owner),
    hotKey: index().on(table.hotKey),
  }),
)

/** Stake that others lend, by shares. */
export const pool = onchainTable(
  'pool',
  (t) => ({
    ...base(t),
    providerId: t.integer().notNull(),
    nonce: t.integer().notNull(),
    floorBps: t.integer().notNull(),
    assets: t.bigint().notNull(),
    shares: t.bigint().notNull(),
    thawingShares: t.bigint().notNull(),
    distributed: t.bigint().notNull(),
    claimed: t.bigint().notNull(),
    slashed: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.providerId, table.nonce] }),
    newest: index().on(table.position),
  }),
)

/** What one member has in a pool. */
export const delegation = onchainTable(
  'delegation',
  (t) => ({
    ...base(t),
    providerId: t.integer().notNull(),
    nonce: t.integer().notNull(),
    member: t.hex().notNull(),
    shares: t.bigint().notNull(),
    deposited: t.bigint().notNull(),
    claimed: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({
      columns: [table.chainId, table.providerId, table.nonce, table.member],
    }),
    newest: index().on(table.position),
    member: index().on(table.member, table.position),
  }),
)

/** Shares on their way out of a pool. */
export const thaw = onchainTable(
  'thaw',
  (t) => ({
    ...base(t),
    thawId: t.bigint().notNull(),
    providerId: t.integer().notNull(),
    nonce: t.integer().notNull(),
    member: t.hex().notNull(),
    shares: t.bigint().notNull(),
    thawedAt: time(t),
    withdrawnAt: time(t),
    amount: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.thawId] }),
    newest: index().on(table.position),
    member: index().on(table.member, table.position),
  }),
)
