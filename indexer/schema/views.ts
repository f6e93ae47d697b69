import { type SQL, sql } from 'drizzle-orm'
import * as pg from 'drizzle-orm/pg-core'
import {
  bigint,
  hex,
  onchainTable,
  onchainView,
  type PgColumnsBuilders,
  primaryKey,
} from 'ponder'
import { marketHour, modelHour, stakeHour } from './buckets.js'
import { base, count, time } from './columns.js'
import { protocolState } from './governance.js'
import { cancelledNonces, execution, job, orderEntry } from './market.js'
import { modelEntry, modelUse } from './models.js'
import { providerEntry } from './stake.js'

// What readers see of each view. The queries give these columns in this order.
// They are written out beside the tables' own, since TypeScript cannot name the
// types of Ponder's column builders in another file (TS2883).

/** What a requester signed, as far as a transaction has shown it. */
const orderColumns = (t: PgColumnsBuilders) => ({
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
  /** All fields, amounts as text. */
  terms: t.json().$type<Record<string, string | number>>().notNull(),
  signature: t.hex().notNull(),
  /** Whether it was ever locked; a job of that id exists then. */
  locked: t.boolean().notNull(),
})

/** One lock of a job: what an execution id stands for. */
const attemptColumns = (t: PgColumnsBuilders) => ({
  ...base(t),
  execId: t.hex().notNull(),
  jobId: t.hex().notNull(),
  providerId: t.integer().notNull(),
  attempt: t.integer().notNull(),
  price: t.bigint().notNull(),
  lockedAt: time(t),
  deliverBy: time(t),
  deliveredAt: time(t),
  finalAt: time(t),
  endedAt: time(t),
  resultRoot: t.hex().notNull(),
  /** locked, delivered, settled, convicted, expired, declined or voided. */
  outcome: t.text().notNull(),
  slashed: t.bigint().notNull(),
  /** Whether the requester waived demands for outputs. */
  waived: t.boolean().notNull(),
  transaction: t.hex().notNull(),
})

const modelColumns = (t: PgColumnsBuilders) => ({
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
  jobs: count(t),
  steps: count(t),
})

/** Nonces that are spent or withdrawn: a word of 256 each. */
const nonceWordColumns = (t: PgColumnsBuilders) => ({
  ...base(t),
  requester: t.hex().notNull(),
  word: t.bigint().notNull(),
  mask: t.bigint().notNull(),
})

/** Providers and verifiers: ids are shared by both roles. */
const providerColumns = (t: PgColumnsBuilders) => ({
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
  /** Of providers: what running jobs and bids may take. Null for verifiers, of which no event tells it. */
  reserved: t.bigint(),
  jailedUntil: time(t),
  poolNonce: t.integer().notNull(),
  commissionBps: t.integer().notNull(),
  nextCommissionBps: t.integer().notNull(),
  commissionAt: time(t),
  rewardsVoidUntil: time(t),
  locked: count(t),
  settled: count(t),
  expired: count(t),
  declined: count(t),
  convicted: count(t),
  voided: count(t),
  slashed: t.bigint().notNull(),
})

/** One row a chain: what holds for the protocol as a whole. */
const protocolColumns = (t: PgColumnsBuilders) => ({
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
  jobs: count(t),
  slashed: t.bigint().notNull(),
})

const bucketBase = (t: PgColumnsBuilders) => ({
  ...base(t),
  /** hour or day, in UTC. */
  period: t.text().notNull(),
  start: time(t),
})

/** Counts of an hour or a day. */
const bucketColumns = (t: PgColumnsBuilders) => ({
  ...bucketBase(t),
  locked: count(t),
  delivered: count(t),
  settled: count(t),
  convicted: count(t),
  expired: count(t),
  refunded: count(t),
  slashes: count(t),
  slashed: t.bigint().notNull(),
  /** At the last change of stake within it; null if there was none. */
  activeStake: t.bigint(),
  delegatedStake: t.bigint(),
})

/** What was paid for settled jobs, by pay token. */
const volumeBucketColumns = (t: PgColumnsBuilders) => ({
  ...bucketBase(t),
  token: t.hex().notNull(),
  jobs: count(t),
  volume: t.bigint().notNull(),
  fees: t.bigint().notNull(),
  royalties: t.bigint().notNull(),
})

/** What a model's settled steps cost, by pay token: `volume / steps`. */
const modelBucketColumns = (t: PgColumnsBuilders) => ({
  ...bucketBase(t),
  modelId: t.hex().notNull(),
  token: t.hex().notNull(),
  jobs: count(t),
  steps: count(t),
  volume: t.bigint().notNull(),
})

// Ponder hands these to tables alone.
const builders = {
  ...{ integer: pg.integer, boolean: pg.boolean, text: pg.text, json: pg.json },
  ...{ int8: pg.bigint, bigint, hex },
} as unknown as PgColumnsBuilders

const digits = raw(`(VALUES ${Array.from({ length: 16 }, (_, n) => `(${n})`)})`)

/** An order, with its terms as a document. */
export const order = onchainView('order', orderColumns(builders)).as(
  sql`
SELECT chain_id, position, created_at, block, job_id, requester, model_id,
  class, steps, pay_token, min_price, max_price, collateral, expiry, nonce,
  CAST(terms AS json) AS terms, signature, locked
FROM ${orderEntry}`,
)

/** An attempt is as its job says for as long as the job is at it. */
export const attempt = onchainView('attempt', attemptColumns(builders)).as(
  sql`
SELECT e.chain_id, e.position, e.created_at,
  COALESCE(GREATEST(e.block, j.block), e.block) AS block,
  e.exec_id, e.job_id, e.provider_id, e.attempt, e.price,
  e.created_at AS locked_at, e.deliver_by,
  CASE WHEN j.status <> 'locked' THEN j.delivered_at ELSE COALESCE(e.delivered_at, 0) END AS delivered_at,
  CASE WHEN j.status <> 'locked' THEN j.final_at ELSE COALESCE(e.final_at, 0) END AS final_at,
  CASE WHEN j.status <> 'locked' THEN j.closed_at ELSE COALESCE(e.ended_at, 0) END AS ended_at,
  CASE WHEN j.status <> 'locked' THEN j.result_root ELSE COALESCE(e.result_root, ${raw(zero(32))}) END AS result_root,
  COALESCE(e.outcome, j.status) AS outcome,
  CASE WHEN j.status = 'convicted' THEN j.slashed ELSE COALESCE(e.slashed, 0) END AS slashed,
  e.waived, e.transaction
FROM ${execution} AS e
LEFT JOIN ${job} AS j ON e.outcome IS NULL AND j.chain_id = e.chain_id AND j.job_id = e.job_id`,
)

/** Nonces of locked orders and those that were withdrawn. */
export const nonceWord = onchainView(
  'nonce_word',
  nonceWordColumns(builders),
).as(
  sql`
SELECT chain_id, MIN(position) AS position, MIN(created_at) AS created_at,
  MAX(block) AS block, requester, word, SUM(bit) AS mask
FROM (
  SELECT chain_id, MIN(position) AS position, MIN(created_at) AS created_at,
    MAX(block) AS block, requester, word, bit
  FROM (
    SELECT chain_id, position, created_at, block, requester,
      DIV(nonce, 256) AS word, ${powerOf(raw('MOD(nonce, 256)'))} AS bit
    FROM ${orderEntry} WHERE locked
    UNION ALL
    SELECT c.chain_id, c.position, c.created_at, c.block, c.requester, c.word, b.bit
    FROM ${cancelledNonces} AS c
    JOIN (
      SELECT ${powerOf(raw('a.n * 16 + z.n'))} AS bit
      FROM ${digits} AS a(n) CROSS JOIN ${digits} AS z(n)
    ) AS b ON MOD(DIV(c.mask, b.bit), 2) = 1
  ) AS n
  GROUP BY chain_id, requester, word, bit
) AS w
GROUP BY chain_id, requester, word`,
)

/** A provider with the jobs that it is at, of which it keeps no count. */
export const provider = onchainView('provider', providerColumns(builders)).as(
  sql`
SELECT p.chain_id, p.position, p.created_at,
  COALESCE(GREATEST(p.block, r.block), p.block) AS block,
  p.provider_id, p.role, p.owner, p.hot_key, p.endpoint, p.capabilities,
  p.active, p.thawing, p.thawed_at,
  p.reserved + COALESCE(r.collateral, 0) AS reserved,
  p.jailed_until, p.pool_nonce, p.commission_bps, p.next_commission_bps,
  p.commission_at, p.rewards_void_until,
  p.settled + p.expired + p.declined + p.convicted + p.voided
    + COALESCE(r.jobs, 0) AS locked,
  p.settled, p.expired, p.declined, p.convicted, p.voided, p.slashed
FROM ${providerEntry} AS p
LEFT JOIN (
  SELECT chain_id, provider_id, COUNT(*) AS jobs, MAX(block) AS block,
    SUM(collateral) AS collateral
  FROM ${job} WHERE status IN ('locked', 'delivered')
  GROUP BY chain_id, provider_id
) AS r ON r.chain_id = p.chain_id AND r.provider_id = p.provider_id`,
)

/** A model, and how much it is used. */
export const model = onchainView('model', modelColumns(builders)).as(
  sql`
SELECT m.chain_id, m.position, m.created_at,
  COALESCE(GREATEST(m.block, u.block), m.block) AS block,
  m.model_id, m.publisher, m.royalty_bps, m.classes, m.checker_version,
  m.header, m.zk, COALESCE(u.jobs, 0) AS jobs, COALESCE(u.steps, 0) AS steps
FROM ${modelEntry} AS m
LEFT JOIN ${modelUse} AS u ON u.chain_id = m.chain_id AND u.model_id = m.model_id`,
)

/** The protocol, and how many jobs it has seen. */
export const protocol = onchainView('protocol', protocolColumns(builders)).as(
  sql`
SELECT p.chain_id, p.position, p.created_at,
  COALESCE(GREATEST(p.block, h.block), p.block) AS block,
  p.version, p.intake_paused_until, p.q_eff_ppm, p.sentinel, p.guardian,
  p.guardian_until, p.guardian_term, p.providers, p.active_stake,
  p.delegated_stake, COALESCE(h.jobs, 0) AS jobs, p.slashed
FROM ${protocolState} AS p
LEFT JOIN (
  SELECT chain_id, MAX(block) AS block, CAST(SUM(jobs) AS int8) AS jobs
  FROM ${marketHour} GROUP BY chain_id
) AS h ON h.chain_id = p.chain_id`,
)

/** Jobs of all tokens, slashes and stake, by hour and by day. */
export const bucket = onchainView('bucket', bucketColumns(builders)).as(
  inPeriods(
    (start) => sql`
  ${counts('locked', 'delivered', 'settled', 'convicted', 'expired', 'refunded', 'slashes')},
  SUM(slashed) AS slashed,
  (ARRAY_AGG(active_stake ORDER BY start DESC) FILTER (WHERE active_stake IS NOT NULL))[1] AS active_stake,
  (ARRAY_AGG(delegated_stake ORDER BY start DESC) FILTER (WHERE delegated_stake IS NOT NULL))[1] AS delegated_stake
FROM (
  SELECT chain_id, position, created_at, block, start, locked, delivered, settled,
    convicted, expired, refunded, 0 AS slashes, CAST(0 AS numeric) AS slashed,
    CAST(NULL AS numeric) AS active_stake, CAST(NULL AS numeric) AS delegated_stake
  FROM ${marketHour}
  UNION ALL
  SELECT chain_id, position, created_at, block, start, 0, 0, 0, 0, 0, 0, slashes,
    slashed, active_stake, delegated_stake
  FROM ${stakeHour}
) AS h
GROUP BY chain_id, ${start}`,
  ),
)

/** What was paid in each pay token, by hour and by day. */
export const volumeBucket = onchainView(
  'volume_bucket',
  volumeBucketColumns(builders),
).as(
  inPeriods(
    (start) => sql`
  token, CAST(SUM(settled) AS int8) AS jobs, SUM(volume) AS volume,
  SUM(fees) AS fees, SUM(royalties) AS royalties
FROM ${marketHour}
WHERE settled > 0 AND token <> '0x'
GROUP BY chain_id, ${start}, token`,
  ),
)

/** What the steps of each model cost in each pay token, by hour and by day. */
export const modelBucket = onchainView(
  'model_bucket',
  modelBucketColumns(builders),
).as(
  inPeriods(
    (start) => sql`
  model_id, token, ${counts('jobs', 'steps')}, SUM(volume) AS volume
FROM ${modelHour}
GROUP BY chain_id, ${start}, model_id, token`,
  ),
)

/**
 * The views once more, as tables. To Ponder's GraphQL only a table has a key,
 * and with it single rows and cursors; readers need not know what is a view.
 */
export const viewTables = {
  order: onchainTable('order', orderColumns, (t) => ({
    pk: primaryKey({ columns: [t.chainId, t.jobId] }),
  })),
  nonceWord: onchainTable('nonce_word', nonceWordColumns, (t) => ({
    pk: primaryKey({ columns: [t.chainId, t.requester, t.word] }),
  })),
  provider: onchainTable('provider', providerColumns, (t) => ({
    pk: primaryKey({ columns: [t.chainId, t.providerId] }),
  })),
  attempt: onchainTable('attempt', attemptColumns, (t) => ({
    pk: primaryKey({ columns: [t.chainId, t.execId] }),
  })),
  model: onchainTable('model', modelColumns, (t) => ({
    pk: primaryKey({ columns: [t.chainId, t.modelId] }),
  })),
  protocol: onchainTable('protocol', protocolColumns, (t) => ({
    pk: primaryKey({ columns: [t.chainId] }),
  })),
  bucket: onchainTable('bucket', bucketColumns, (t) => ({
    pk: primaryKey({ columns: [t.chainId, t.period, t.start] }),
  })),
  volumeBucket: onchainTable('volume_bucket', volumeBucketColumns, (t) => ({
    pk: primaryKey({ columns: [t.chainId, t.period, t.start, t.token] }),
  })),
  modelBucket: onchainTable('model_bucket', modelBucketColumns, (t) => ({
    pk: primaryKey({
      columns: [t.chainId, t.period, t.start, t.modelId, t.token],
    }),
  })),
}

/** The same sums for hours and for days. */
function inPeriods(sumsOf: (start: SQL) => SQL): SQL {
  const periods = { hour: raw('start'), day: raw('(start - start % 86400)') }
  return sql.join(
    Object.entries(periods).map(
      ([period, start]) => sql`
SELECT chain_id, MIN(position) AS position, MIN(created_at) AS created_at,
  MAX(block) AS block, ${raw(`'${period}'`)} AS period, ${start} AS start, ${sumsOf(start)}`,
    ),
    raw('\nUNION ALL\n'),
  )
}

function counts(...columns: string[]): SQL {
  return raw(
    columns.map((name) => `CAST(SUM(${name}) AS int8) AS ${name}`).join(', '),
  )
}

/** A power of 2, to the last digit. */
function powerOf(exponent: SQL): SQL {
  return sql`CAST(POWER(CAST(2 AS numeric), ${exponent}) AS numeric(78))`
}

function raw(text: string): SQL {
  return sql.raw(text)
}

function zero(bytes: number): string {
  return `'0x${'00'.repeat(bytes)}'`
}
