import type { DaemonConfig } from '@lynode/runtime'
import type { Order } from '@lynode/sdk'

/** Least price at which a job is taken, in wei of LYN: cost and margin. */
export function leastPrice(
  config: Pick<DaemonConfig, 'minPrice' | 'pricePerSecond' | 'marginPercent'>,
  order: Pick<Order, 'steps'>,
  stepSeconds: number,
): bigint {
  const { minPrice, pricePerSecond, marginPercent } = config
  const milliseconds = BigInt(Math.ceil(stepSeconds * 1_000 * order.steps))
  const cost = (pricePerSecond * milliseconds) / 1_000n
  const wanted = cost + (cost * BigInt(marginPercent)) / 100n
  return wanted > minPrice ? wanted : minPrice
}
