import { index, onchainTable, primaryKey } from 'ponder'
import { base, count, time } from './columns.js'

/** What a requester signed, as far as a transaction has shown it. */
export const orderEntry = onchainTable(
  'order_entry',
  (t) => ({
    ...base(t),
    jobId: t.hex().notNull(),
    requester: t.hex().notNull(),
    modelId: t.hex().notNull(),
    class: t.integer().notNull(),
    steps: count(t),
    payToken: t.hex().notNull(),
    minPrice: t.bigint().notNull(),
    maxPrice: t.bigint().notNull(),
    collateral: t.bigint().notNull(),
    expiry: time(t),
    nonce: t.bigint().notNull(),
    /** JSON as text, which nobody parses but readers. */
    terms: t.text().notNull(),
    signature: t.hex().notNull(),
    /** Whether it was ever locked; a job of that id exists then. */
    locked: t.boolean().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.jobId] }),
    newest: index().on(table.position),
    requester: index().on(table.requester, table.position),
    model: index().on(table.modelId, table.position),
  }),
)

/** Nonces that were withdrawn, a word of 256 each; locked orders have spent theirs. */
export const cancelledNonces = onchainTable(
  'cancelled_nonces',
  (t) => ({
    ...base(t),
    requester: t.hex().notNull(),
    word: t.bigint().notNull(),
    mask: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.requester, table.word] }),
  }),
)

/** An order that was locked, as JobMarket has it, and what became of it. */
export const job = onchainTable(
  'job',
  (t) => ({
    ...base(t),
    jobId: t.hex().notNull(),
    requester: t.hex().notNull(),
    status: t.text().notNull(),
    /** 0 while no provider has it. */
    providerId: t.integer().notNull(),
    attempt: t.integer().notNull(),
    price: t.bigint().notNull(),
    /** As the market's: end of delivery, time of delivery or of the re-opening. */
    time: time(t),
    resultRoot: t.hex().notNull(),
    collateral: t.bigint().notNull(),
    /** Of the running or last attempt. */
    execId: t.hex().notNull(),
    /** Of the order; unknown if it was locked through a contract of a stranger. */
    modelId: t.hex(),
    class: t.integer(),
    steps: t.int8({ mode: 'number' }),
    payToken: t.hex(),
    deliverBy: time(t),
    /** Re-opened: the last moment of the next lock. */
    lockBy: time(t),
    deliveredAt: time(t),
    finalAt: time(t),
    closedAt: time(t),
    paid: t.bigint().notNull(),
    fee: t.bigint().notNull(),
    royalty: t.bigint().notNull(),
    refunded: t.bigint().notNull(),
    slashed: t.bigint().notNull(),
    /** Outputs that travelled in the delivery's calldata. */
    outputs: t.json().$type<unknown>(),
    /** Whether the consumer's callback went through; null before it. */
    callbackOk: t.boolean(),
    callbackFeeReclaimed: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.jobId] }),
    newest: index().on(table.position),
    requester: index().on(table.requester, table.position),
    provider: index().on(table.providerId, table.position),
    status: index().on(table.status, table.position),
    running: index().on(table.providerId, table.status),
    model: index().on(table.modelId, table.position),
  }),
)

/**
 * One lock of a job: what an execution id stands for. What is null is as the
 * job has it; `attempt` shows both together.
 */
export const execution = onchainTable(
  'execution',
  (t) => ({
    ...base(t),
    execId: t.hex().notNull(),
    jobId: t.hex().notNull(),
    providerId: t.integer().notNull(),
    attempt: t.integer().notNull(),
    price: t.bigint().notNull(),
    deliverBy: time(t),
    waived: t.boolean().notNull(),
    transaction: t.hex().notNull(),
    /** expired, declined or voided: the job went on without it. */
    outcome: t.text(),
    deliveredAt: t.int8({ mode: 'number' }),
    finalAt: t.int8({ mode: 'number' }),
    endedAt: t.int8({ mode: 'number' }),
    resultRoot: t.hex(),
    slashed: t.bigint(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.execId] }),
    newest: index().on(table.position),
    job: index().on(table.jobId),
    provider: index().on(table.providerId, table.position),
  }),
)

/** A provider's standing offer, as far as it was announced or filled on chain. */
export const offer = onchainTable(
  'offer',
  (t) => ({
    ...base(t),
    offerId: t.hex().notNull(),
    providerId: t.integer().notNull(),
    /** Null for an offer of which only fills are known. */
    models: t.hex(),
    class: t.integer(),
    payToken: t.hex(),
    pricePerStep: t.bigint(),
    capacity: t.bigint(),
    expiry: t.int8({ mode: 'number' }),
    terms: t.json().$type<Record<string, string | number>>(),
    signature: t.hex(),
    filled: t.bigint().notNull(),
    fills: count(t),
    cancelled: t.boolean().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.offerId] }),
    newest: index().on(table.position),
    provider: index().on(table.providerId, table.position),
  }),
)

export const offerFill = onchainTable(
  'offer_fill',
  (t) => ({
    ...base(t),
    offerId: t.hex().notNull(),
    jobId: t.hex().notNull(),
    providerId: t.integer().notNull(),
    /** Steps of the offer that are taken, this fill included. */
    filled: t.bigint().notNull(),
    transaction: t.hex().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    offer: index().on(table.offerId, table.position),
  }),
)

/** A sealed auction of an order. */
export const auction = onchainTable(
  'auction',
  (t) => ({
    ...base(t),
    jobId: t.hex().notNull(),
    requester: t.hex().notNull(),
    commitEnd: time(t),
    revealEnd: time(t),
    bond: t.bigint().notNull(),
    collateral: t.bigint().notNull(),
    bids: t.integer().notNull(),
    bestId: t.integer().notNull(),
    best: t.bigint().notNull(),
    second: t.bigint().notNull(),
    /** The winner was locked. */
    taken: t.boolean().notNull(),
    winnerId: t.integer().notNull(),
    price: t.bigint().notNull(),
    /** The requester's bond has left. */
    returned: t.boolean().notNull(),
    bondReturned: t.bigint().notNull(),
    bondBurnt: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.jobId] }),
    newest: index().on(table.position),
  }),
)

export const bid = onchainTable(
  'bid',
  (t) => ({
    ...base(t),
    jobId: t.hex().notNull(),
    providerId: t.integer().notNull(),
    commitment: t.hex().notNull(),
    /** sealed, revealed or closed. */
    status: t.text().notNull(),
    /** Null until it is revealed. */
    price: t.bigint(),
    leads: t.boolean().notNull(),
    returned: t.bigint().notNull(),
    burnt: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.jobId, table.providerId] }),
    newest: index().on(table.position),
    provider: index().on(table.providerId, table.position),
  }),
)
