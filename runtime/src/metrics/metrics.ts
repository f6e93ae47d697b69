import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** What every daemon measures; `text()` is the body of `GET /metrics`. */
export type Metrics = ReturnType<typeof createMetrics>

/** Models that have metrics of their own; what comes later is `other`. */
const mostModels = 200

/** Creates the metrics of one daemon in a registry of their own. */
export function createMetrics(role: 'provider' | 'verifier') {
  const registry = new Registry()
  registry.setDefaultLabels({ role })
  const registers = [registry]
  return {
    text: () => registry.metrics(),
    build: new Gauge({
      name: 'lynode_build_info',
      help: 'Always 1; the version is in the label',
      labelNames: ['version', 'node'],
      registers,
    }),
    upSince: new Gauge({
      name: 'lynode_up_since_seconds',
      help: 'Unix time of the start',
      registers,
    }),
    headAge: new Gauge({
      name: 'lynode_chain_head_age_seconds',
      help: 'Wall clock less the time of the last block that was read',
      registers,
    }),
    reorgs: new Counter({
      name: 'lynode_chain_reorgs_total',
      help: 'Times that the last block that was read was no longer there',
      registers,
    }),
    walletBalance: new Gauge({
      name: 'lynode_wallet_balance_wei',
      help: 'Gas money of the hot key',
      registers,
    }),
    walletRunway: new Gauge({
      name: 'lynode_wallet_runway_seconds',
      help: 'Seconds until the gas money is spent at the pace of the last hours; infinite before anything was spent',
      registers,
    }),
    stake: new Gauge({
      name: 'lynode_stake_wei',
      help: 'Stake behind the hot key: own, thawing, delegated, reserved, free',
      labelNames: ['state'],
      registers,
    }),
    heartbeat: new Gauge({
      name: 'lynode_loop_heartbeat_seconds',
      help: 'Unix time of the last good turn of a loop',
      labelNames: ['loop'],
      registers,
    }),
    errors: new Counter({
      name: 'lynode_errors_total',
      help: 'Failed turns of loops',
      labelNames: ['loop'],
      registers,
    }),
    head: new Gauge({
      name: 'lynode_chain_head_block',
      help: 'Last block that was read',
      registers,
    }),
    jobs: new Counter({
      name: 'lynode_jobs_total',
      help: 'Jobs by what became of them',
      labelNames: ['outcome'],
      registers,
    }),
    audits: new Counter({
      name: 'lynode_audits_total',
      help: 'Audits: due (drawn for us), done (revealed and paid), missed, withheld; absent counts others that were reported',
      labelNames: ['outcome'],
      registers,
    }),
    auditPool: new Gauge({
      name: 'lynode_audit_pool_wei',
      help: 'LYN in the pool that pays audits',
      registers,
    }),
    oracleBalance: new Gauge({
      name: 'lynode_oracle_balance_wei',
      help: 'What is left of the subscription that pays for the seeds, by currency: link or native',
      labelNames: ['currency'],
      registers,
    }),
    inference: new Histogram({
      name: 'lynode_inference_seconds',
      help: 'Seconds of one run',
      labelNames: ['path', 'model'],
      registers,
    }),
    inferenceFailures: new Counter({
      name: 'lynode_inference_failures_total',
      help: 'Runs that failed, by error code',
      labelNames: ['model', 'code'],
      registers,
    }),
    /** Label of a model: strangers publish models, so their number is bounded. */
    modelLabel: boundedLabel(mostModels),
    runnerBatch: new Histogram({
      name: 'lynode_runner_batch_requests',
      help: 'Requests that a runner process got together',
      buckets: [1, 2, 4, 8, 16, 32],
      registers,
    }),
    /** Says where the memory of the runner processes is read. */
    watchRunner: (read: () => Promise<number>) =>
      new Gauge({
        name: 'lynode_runner_rss_bytes',
        help: 'Resident memory of the runner processes',
        registers,
        async collect() {
          this.set(await read())
        },
      }),
    runnerRestarts: new Counter({
      name: 'lynode_runner_restarts_total',
      help: 'Runner processes that died or were killed',
      labelNames: ['code'],
      registers,
    }),
    /** Says where the size of the data server's files is read. */
    watchDisk: (read: () => number) =>
      new Gauge({
        name: 'lynode_disk_bytes',
        help: 'Bytes of blobs and documents on the disk',
        registers,
        collect() {
          this.set(read())
        },
      }),
    transactions: new Counter({
      name: 'lynode_tx_total',
      help: 'Transactions by kind and outcome',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    pending: new Gauge({
      name: 'lynode_tx_pending',
      help: 'Transactions whose receipt is awaited',
      registers,
    }),
  }
}

/** The first digits of an id, or `other` once there are too many. */
function boundedLabel(most: number): (id: string) => string {
  const known = new Set<string>()
  return (id) => {
    const label = id.slice(0, 12)
    if (known.has(label)) return label
    if (known.size >= most) return 'other'
    known.add(label)
    return label
  }
}
