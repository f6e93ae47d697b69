import { index, onchainTable, primaryKey } from 'ponder'
import { base, count, time } from './columns.js'

/** An execution that a demand, a commit or an accumulation has touched. */
export const dispute = onchainTable(
  'dispute',
  (t) => ({
    ...base(t),
    execId: t.hex().notNull(),
    /** The job, or the case of an auditor; null while only a commit is known. */
    jobId: t.hex(),
    /** open, settled, convicted or void. */
    outcome: t.text().notNull(),
    /** 0 while it is the attempt's own. */
    finalAt: time(t),
    demands: count(t),
    openDemands: count(t),
    commits: count(t),
    prover: t.hex(),
    convictedAt: time(t),
    slashed: t.bigint().notNull(),
    paid: t.bigint().notNull(),
    reserveBurnt: t.bigint().notNull(),
    endedAt: time(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.execId] }),
    newest: index().on(table.position),
    job: index().on(table.jobId),
    outcome: index().on(table.outcome, table.position),
  }),
)

export const demand = onchainTable(
  'demand',
  (t) => ({
    ...base(t),
    demandId: t.hex().notNull(),
    execId: t.hex().notNull(),
    jobId: t.hex().notNull(),
    asker: t.hex().notNull(),
    /** trace, output, chunk, tensor, witness or step. */
    kind: t.text().notNull(),
    /** open, answered, expired or claimed. */
    status: t.text().notNull(),
    step: count(t),
    value: count(t),
    chunk: count(t),
    count: count(t),
    bond: t.bigint().notNull(),
    deadline: time(t),
    answeredAt: time(t),
    toAsker: t.bigint().notNull(),
    toProvider: t.bigint().notNull(),
    burnt: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.demandId] }),
    newest: index().on(table.position),
    execution: index().on(table.execId, table.position),
  }),
)

/** What answered a demand; bytes stay on chain, in the transaction. */
export const answer = onchainTable(
  'answer',
  (t) => ({
    ...base(t),
    demandId: t.hex().notNull(),
    execId: t.hex().notNull(),
    kind: t.text().notNull(),
    step: count(t),
    /** Of the trace, of the outputs or of the value's bytes; null of a witness. */
    root: t.hex(),
    detail: t.json().$type<Record<string, unknown>>().notNull(),
    transaction: t.hex().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    execution: index().on(table.execId, table.position),
    demand: index().on(table.demandId),
  }),
)

/** A commit to a proof of fraud. */
export const proofCommit = onchainTable(
  'proof_commit',
  (t) => ({
    ...base(t),
    commitId: t.hex().notNull(),
    execId: t.hex().notNull(),
    prover: t.hex().notNull(),
    revealBy: time(t),
    /** committed, revealed, late, paid, returned or forfeited. A reveal through another contract leaves it committed. */
    status: t.text().notNull(),
    /** Gas that a late proof is owed, then what it was paid. */
    gas: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.commitId] }),
    newest: index().on(table.position),
    execution: index().on(table.execId, table.position),
  }),
)

/** An element that was proved wrong, and the interval that it missed. */
export const fraudProof = onchainTable(
  'fraud_proof',
  (t) => ({
    ...base(t),
    execId: t.hex().notNull(),
    prover: t.hex().notNull(),
    step: count(t),
    node: count(t),
    output: count(t),
    element: count(t),
    claimed: t.bigint().notNull(),
    low: t.bigint().notNull(),
    high: t.bigint().notNull(),
    transaction: t.hex().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    execution: index().on(table.execId, table.position),
  }),
)

/** A proof of one big element, in several transactions. */
export const accumulation = onchainTable(
  'accumulation',
  (t) => ({
    ...base(t),
    accumulationId: t.hex().notNull(),
    execId: t.hex().notNull(),
    opener: t.hex().notNull(),
    step: count(t),
    node: count(t),
    output: count(t),
    element: count(t),
    absorbed: count(t),
    terms: count(t),
    liveUntil: time(t),
    /** open, judged or claimed. */
    status: t.text().notNull(),
    fraud: t.boolean(),
    claimed: t.bigint(),
    low: t.bigint(),
    high: t.bigint(),
    bondTo: t.hex(),
    gasPaid: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.accumulationId] }),
    newest: index().on(table.position),
    execution: index().on(table.execId, table.position),
  }),
)

/** Every slash of stake. */
export const slash = onchainTable(
  'slash',
  (t) => ({
    ...base(t),
    providerId: t.integer().notNull(),
    core: t.hex().notNull(),
    amount: t.bigint().notNull(),
    selfPart: t.bigint().notNull(),
    paid: t.bigint().notNull(),
    burnt: t.bigint().notNull(),
    jailedUntil: time(t),
    transaction: t.hex().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    provider: index().on(table.providerId, table.position),
  }),
)
