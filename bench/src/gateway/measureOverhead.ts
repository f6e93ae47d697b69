import { nodeSha256 } from '@lynode/runtime'
import { parseAmount, run } from '@lynode/sdk'
import { median } from '../median.js'
import type { GatewayBench } from './openGateway.js'

/** What the gateway adds to a run, in milliseconds. */
export type Overhead = {
  requests: number
  /** Of a request beyond the purchase inside it, pair by pair. */
  medianMs: number
  worstMs: number
  requestMedianMs: number
  requestWorstMs: number
  directMedianMs: number
  directWorstMs: number
}

/**
 * Sends requests and makes direct runs in turn. A run waits for blocks, whose
 * second hides what the gateway adds; so the overhead is taken inside each
 * request: the client's time less that of the purchase, as the gateway tells it
 * (`Server-Timing`). Client and gateway share this process, which only adds to it.
 */
export async function measureOverhead(
  bench: GatewayBench,
  requests: number,
): Promise<Overhead> {
  const { client, model, x } = bench
  const added: number[] = []
  const whole: number[] = []
  const direct: number[] = []
  await bench.infer() // connections, deposits and code are warm after it
  for (let i = 0; i < requests; i++) {
    const { totalMs, runMs } = await bench.infer()
    added.push(totalMs - runMs)
    whole.push(totalMs)
    const start = performance.now()
    await run(client, {
      model,
      inputs: { x: [...x] },
      maxPrice: parseAmount('15LYN'),
      wait: 'delivered',
      sha256: nodeSha256,
    })
    direct.push(performance.now() - start)
  }
  return {
    requests,
    medianMs: median(added),
    worstMs: Math.max(...added),
    requestMedianMs: median(whole),
    requestWorstMs: Math.max(...whole),
    directMedianMs: median(direct),
    directWorstMs: Math.max(...direct),
  }
}
