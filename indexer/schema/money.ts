import { index, onchainTable, primaryKey } from 'ponder'
import { base, time } from './columns.js'

/** Accounts of the Ledger. */
export const balance = onchainTable(
  'balance',
  (t) => ({
    ...base(t),
    token: t.hex().notNull(),
    account: t.hex().notNull(),
    free: t.bigint().notNull(),
    committed: t.bigint().notNull(),
    leaving: t.bigint().notNull(),
    leavingAt: time(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.token, table.account] }),
    newest: index().on(table.position),
    account: index().on(table.account),
  }),
)

/** Holders of LYN and their votes. */
export const holder = onchainTable(
  'holder',
  (t) => ({
    ...base(t),
    account: t.hex().notNull(),
    lyn: t.bigint().notNull(),
    votes: t.bigint().notNull(),
    delegate: t.hex(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.account] }),
    newest: index().on(table.position),
  }),
)

/** Pay tokens and what they are worth. */
export const token = onchainTable(
  'token',
  (t) => ({
    ...base(t),
    token: t.hex().notNull(),
    /** The Ledger takes it. */
    allowed: t.boolean().notNull(),
    /** Orders may be paid in it. */
    listed: t.boolean().notNull(),
    minVerificationFee: t.bigint().notNull(),
    lynRate: t.bigint().notNull(),
    usdRate: t.bigint().notNull(),
    feeds: t.json().$type<Record<string, unknown>>(),
    /** Where a burn auction of it starts. */
    reference: t.bigint().notNull(),
    /** Position of its lot that runs or ran last. */
    lot: t.int8({ mode: 'number' }).notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.token] }),
    newest: index().on(table.position),
  }),
)
