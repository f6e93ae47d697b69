import type { DaemonConfig } from '@lynode/runtime'

/** What a provider's configuration says about prices. */
export type Pricing = Pick<
  DaemonConfig,
  'minPrice' | 'maxPrice' | 'pricePerSecond' | 'marginPercent'
>

/**
 * Least price at which a job is taken, in wei of LYN: the cost of its seconds
 * and the margin, not below the floor and not above the ceiling.
 *
 * @returns Nothing when the cost alone is above the ceiling: no job at a loss.
 */
export function askingPrice(
  pricing: Pricing,
  seconds: number,
): bigint | undefined {
  const { minPrice, maxPrice, pricePerSecond, marginPercent } = pricing
  const milliseconds = BigInt(Math.ceil(seconds * 1_000))
  const cost = (pricePerSecond * milliseconds) / 1_000n
  if (maxPrice !== undefined && cost > maxPrice) return undefined
  const wanted = cost + (cost * BigInt(marginPercent)) / 100n
  if (wanted < minPrice) return minPrice
  return maxPrice !== undefined && wanted > maxPrice ? maxPrice : wanted
}
