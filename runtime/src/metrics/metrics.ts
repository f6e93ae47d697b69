import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** What every daemon measures; `text()` is the body of `GET /metrics`. */
export type Metrics = ReturnType<typeof createMetrics>

/** Creates the metrics of one daemon in a registry of their own. */
export function createMetrics(role: 'provider' | 'verifier') {
  const registry = new Registry()
  registry.setDefaultLabels({ role })
  const registers = [registry]
  return {
    text: () => registry.metrics(),
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
    inference: new Histogram({
      name: 'lynode_inference_seconds',
      help: 'Seconds of one run',
      labelNames: ['path'],
      registers,
    }),
    runnerRestarts: new Counter({
      name: 'lynode_runner_restarts_total',
      help: 'Runner processes that died or were killed',
      labelNames: ['code'],
      registers,
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
