// The tables, by topic. What follows from other rows is a view beside them.
export * from './schema/audits.js'
export * from './schema/buckets.js'
export * from './schema/disputes.js'
export * from './schema/governance.js'
export * from './schema/market.js'
export * from './schema/models.js'
export * from './schema/money.js'
export * from './schema/rewards.js'
export * from './schema/stake.js'
export {
  attempt,
  bucket,
  model,
  modelBucket,
  nonceWord,
  order,
  protocol,
  provider,
  volumeBucket,
} from './schema/views.js'
