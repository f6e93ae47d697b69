import { index, onchainTable, primaryKey } from 'ponder'
import { base, count, time } from './columns.js'

/** An epoch of audits, and the seed by which executions delivered in it are sampled. */
export const auditEpoch = onchainTable(
  'audit_epoch',
  (t) => ({
    ...base(t),
    epoch: count(t),
    seed: t.bigint().notNull(),
    ratePpm: t.integer().notNull(),
    qEffPpm: t.integer().notNull(),
    version: t.integer().notNull(),
    /** Of the oracle; 0 if it refused. */
    requestId: t.bigint().notNull(),
    fallbackBlock: count(t),
    closedAt: time(t),
    /** 0 while there is no seed. */
    seedAt: time(t),
    byFallback: t.boolean().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.epoch] }),
    newest: index().on(table.position),
  }),
)

/** The audit of a sampled execution, from its first reveal or its end on. */
export const audit = onchainTable(
  'audit',
  (t) => ({
    ...base(t),
    execId: t.hex().notNull(),
    /** open, completed, empty (nobody revealed), voided or convicted. */
    status: t.text().notNull(),
    step: count(t),
    agreeing: t.integer().notNull(),
    differing: t.integer().notNull(),
    withheld: t.integer().notNull(),
    /** In wei of the order's pay token. */
    paid: t.bigint().notNull(),
    /** Of the demand that the pool bonded. */
    demandId: t.hex(),
    endedAt: time(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.execId] }),
    newest: index().on(table.position),
    status: index().on(table.status, table.position),
  }),
)

/** What a verifier did about an execution. */
export const auditSeat = onchainTable(
  'audit_seat',
  (t) => ({
    ...base(t),
    execId: t.hex().notNull(),
    verifierId: t.integer().notNull(),
    /** committed, revealed, released, withheld, absent or slashed. */
    status: t.text().notNull(),
    /** agrees, differs, or none before the reveal. */
    finding: t.text().notNull(),
    step: count(t),
    seats: t.integer().notNull(),
    traceRoot: t.hex(),
    /** In wei of the order's pay token. */
    paid: t.bigint().notNull(),
    slashed: t.bigint().notNull(),
    reporter: t.hex(),
  }),
  (table) => ({
    pk: primaryKey({
      columns: [table.chainId, table.execId, table.verifierId],
    }),
    newest: index().on(table.position),
    verifier: index().on(table.verifierId, table.position),
  }),
)

/** A job whose wrong result was known before it was locked, once that is shown. */
export const canary = onchainTable(
  'canary',
  (t) => ({
    ...base(t),
    execId: t.hex().notNull(),
    jobId: t.hex().notNull(),
    providerId: t.integer().notNull(),
    resultRoot: t.hex().notNull(),
    /** Verifiers that were proved to have vouched for it. */
    proved: t.integer().notNull(),
    /** LYN wei out of the escrow. */
    paid: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.execId] }),
    newest: index().on(table.position),
  }),
)

/** What an auditor attested, brought before the disputes. */
export const attestationCase = onchainTable(
  'attestation_case',
  (t) => ({
    ...base(t),
    caseId: t.hex().notNull(),
    execId: t.hex().notNull(),
    verifierId: t.integer().notNull(),
    step: count(t),
    traceRoot: t.hex().notNull(),
    /** delivered, settled or convicted, as the case of a job. */
    status: t.text().notNull(),
    slashed: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.caseId] }),
    newest: index().on(table.position),
    execution: index().on(table.execId),
  }),
)
