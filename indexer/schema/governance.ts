import { index, onchainTable, primaryKey } from 'ponder'
import { base, count, time } from './columns.js'

/** A parameter: in force for the next version, and what is scheduled. */
export const parameter = onchainTable(
  'parameter',
  (t) => ({
    ...base(t),
    name: t.text().notNull(),
    value: t.bigint().notNull(),
    next: t.bigint().notNull(),
    /** 0 while nothing is scheduled. */
    activeAt: time(t),
    abdicated: t.boolean().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.name] }),
    newest: index().on(table.position),
  }),
)

/** The history of parameters. */
export const parameterChange = onchainTable(
  'parameter_change',
  (t) => ({
    ...base(t),
    name: t.text().notNull(),
    /** set, scheduled, reduced or abdicated. */
    kind: t.text().notNull(),
    value: t.bigint().notNull(),
    next: t.bigint(),
    activeAt: time(t),
    transaction: t.hex().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    name: index().on(table.name, table.position),
  }),
)

/** What a version of the parameters pushed to the market or the disputes. */
export const snapshot = onchainTable(
  'snapshot',
  (t) => ({
    ...base(t),
    version: t.integer().notNull(),
    /** market, disputes or audits. */
    core: t.text().notNull(),
    /** Of the market; 0 of the others. */
    class: t.integer().notNull(),
    token: t.hex().notNull(),
    enabled: t.boolean().notNull(),
    values: t
      .json()
      .$type<Record<string, string | number | boolean>>()
      .notNull(),
  }),
  (table) => ({
    pk: primaryKey({
      columns: [
        table.chainId,
        table.version,
        table.core,
        table.class,
        table.token,
      ],
    }),
    newest: index().on(table.position),
  }),
)

export const proposal = onchainTable(
  'proposal',
  (t) => ({
    ...base(t),
    proposalId: t.bigint().notNull(),
    proposer: t.hex().notNull(),
    description: t.text().notNull(),
    actions: t
      .json()
      .$type<{ target: string; value: string; data: string }[]>()
      .notNull(),
    snapshot: time(t),
    deadline: time(t),
    /** 0 until it is queued. */
    eta: time(t),
    against: t.bigint().notNull(),
    for: t.bigint().notNull(),
    abstain: t.bigint().notNull(),
    voters: count(t),
    /** created, queued, executed or canceled; votes and time say the rest. */
    status: t.text().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.proposalId] }),
    newest: index().on(table.position),
  }),
)

export const vote = onchainTable(
  'vote',
  (t) => ({
    ...base(t),
    proposalId: t.bigint().notNull(),
    voter: t.hex().notNull(),
    support: t.integer().notNull(),
    weight: t.bigint().notNull(),
    against: t.bigint().notNull(),
    for: t.bigint().notNull(),
    abstain: t.bigint().notNull(),
    reason: t.text().notNull(),
    transaction: t.hex().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    proposal: index().on(table.proposalId, table.position),
    voter: index().on(table.voter, table.position),
  }),
)

/** Votes of stake: of members, and of pools that were flushed. */
export const stakeVote = onchainTable(
  'stake_vote',
  (t) => ({
    ...base(t),
    proposalId: t.bigint().notNull(),
    providerId: t.integer().notNull(),
    nonce: t.integer().notNull(),
    /** Null for the rest of a pool. */
    member: t.hex(),
    support: t.integer().notNull(),
    weight: t.bigint().notNull(),
    transaction: t.hex().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    proposal: index().on(table.proposalId, table.position),
  }),
)

/** How a provider will vote with what its members leave. */
export const stance = onchainTable(
  'stance',
  (t) => ({
    ...base(t),
    proposalId: t.bigint().notNull(),
    providerId: t.integer().notNull(),
    support: t.integer().notNull(),
  }),
  (table) => ({
    pk: primaryKey({
      columns: [table.chainId, table.proposalId, table.providerId],
    }),
    newest: index().on(table.position),
  }),
)

/** An operation of the timelock. */
export const operation = onchainTable(
  'operation',
  (t) => ({
    ...base(t),
    timelockId: t.hex().notNull(),
    calls: t
      .json()
      .$type<{ target: string; value: string; data: string }[]>()
      .notNull(),
    readyAt: time(t),
    executed: t.integer().notNull(),
    cancelled: t.boolean().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.timelockId] }),
    newest: index().on(table.position),
  }),
)

/** Settings that change seldom: roles, cores, guardians, payments of vaults. */
export const notice = onchainTable(
  'notice',
  (t) => ({
    ...base(t),
    contract: t.text().notNull(),
    address: t.hex().notNull(),
    event: t.text().notNull(),
    args: t.json().$type<Record<string, unknown>>().notNull(),
    transaction: t.hex().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    event: index().on(table.contract, table.event, table.position),
  }),
)

/** One row a chain: what holds for the protocol as a whole. */
export const protocolState = onchainTable(
  'protocol_state',
  (t) => ({
    ...base(t),
    version: t.integer().notNull(),
    intakePausedUntil: time(t),
    qEffPpm: t.integer(),
    sentinel: t.hex(),
    guardian: t.hex(),
    guardianUntil: time(t),
    guardianTerm: t.integer().notNull(),
    providers: t.integer().notNull(),
    /** Self-stake that does not thaw, of all. */
    activeStake: t.bigint().notNull(),
    /** LYN in all pools. */
    delegatedStake: t.bigint().notNull(),
    slashed: t.bigint().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.chainId] }) }),
)
