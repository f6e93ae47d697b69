import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Budget } from './budget.js'
import type { Slots } from './slots.js'

/** What the gateway measures; `text()` is the body of `GET /metrics`. */
export type GatewayMetrics = ReturnType<typeof createGatewayMetrics>

/** Creates the metrics of one gateway in a registry of their own. */
export function createGatewayMetrics(
  budget: Pick<Budget, 'spent' | 'left'>,
  slots: Pick<Slots, 'running' | 'waiting'>,
) {
  const registry = new Registry()
  registry.setDefaultLabels({ role: 'gateway' })
  const registers = [registry]
  new Gauge({
    name: 'lynode_gateway_budget_wei',
    help: 'LYN of the last hour: spent (reservations included), left',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'spent' }, Number(budget.spent()))
      this.set({ state: 'left' }, Number(budget.left()))
    },
  })
  new Gauge({
    name: 'lynode_gateway_requests_active',
    help: 'Requests that are being bought (running) or stand in line (waiting)',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'running' }, slots.running)
      this.set({ state: 'waiting' }, slots.waiting)
    },
  })
  return {
    text: () => registry.metrics(),
    /** Names and labels of all that is measured; the files in `ops/` are held to them. */
    registry,
    requests: new Counter({
      name: 'lynode_gateway_requests_total',
      help: 'Inference requests by what became of them: ok, or the code of the error',
      labelNames: ['model', 'outcome'],
      registers,
    }),
    marketSeconds: new Histogram({
      name: 'lynode_gateway_market_seconds',
      help: 'Seconds from a place in the line to the outputs: the market and the chain',
      labelNames: ['model'],
      buckets: [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800],
      registers,
    }),
    paid: new Counter({
      name: 'lynode_gateway_paid_wei_total',
      help: 'Prices of bought results in wei of LYN, verification fees not included',
      labelNames: ['model'],
      registers,
    }),
  }
}
