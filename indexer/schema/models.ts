import { index, onchainTable, primaryKey } from 'ponder'
import { base, count } from './columns.js'

/** A published model. */
export const modelEntry = onchainTable(
  'model_entry',
  (t) => ({
    ...base(t),
    modelId: t.hex().notNull(),
    publisher: t.hex().notNull(),
    royaltyBps: t.integer().notNull(),
    /** A bit for each class. */
    classes: t.integer().notNull(),
    checkerVersion: t.integer().notNull(),
    header: t.json().$type<Record<string, string | number>>().notNull(),
    /** What binds it to a circuit; null without one. */
    zk: t.json().$type<Record<string, unknown>>(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.modelId] }),
    newest: index().on(table.position),
    publisher: index().on(table.publisher),
  }),
)

/** How often a model was locked, once for each job: apart from the model, since every job changes it. */
export const modelUse = onchainTable(
  'model_use',
  (t) => ({
    ...base(t),
    modelId: t.hex().notNull(),
    jobs: count(t),
    steps: count(t),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.chainId, table.modelId] }) }),
)

/** Verifiers of zk proofs behind the router. */
export const zkVerifier = onchainTable(
  'zk_verifier',
  (t) => ({
    ...base(t),
    selector: t.hex().notNull(),
    verifier: t.hex().notNull(),
    codeHash: t.hex().notNull(),
    retired: t.boolean().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.selector] }),
    newest: index().on(table.position),
  }),
)
