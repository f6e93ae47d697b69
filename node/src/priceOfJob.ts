import type { DaemonConfig } from '@lynode/runtime'
import type { Order } from '@lynode/sdk'

/** Least price at which a job is taken, in wei of LYN: cost and margin. */
export function leastPrice(
  config: Pick<DaemonConfig, 'minPrice' | 'pricePerSecond' | 'marginPercent'>,
  order: Pick<Order, 'steps'>,
  stepSeconds: number,
): bigint {
  const milliseconds = BigInt(Math.ceil(stepSeconds * 1_000 * order.steps))
  const cost = (config.pricePerSecond * milliseconds) / 1_000n
  const wanted = cost + (cost * BigInt(config.marginPercent)) / 100n
  return wanted > config.minPrice ? wanted : config.minPrice
}
