import type { Order } from '../types/order.js'

/**
 * Computes the price of an order at a block time: the twin of
 * `JobMarket.priceOf`. It is `minPrice` until `rampStart`, rises linearly to
 * `maxPrice` over `rampDuration`, rounded down, and stays there.
 *
 * @param order - Or the fields of it that the ramp needs.
 * @param at - Block time in unix seconds.
 * @returns The price in wei of the pay token.
 * @example
 * priceOf(order, Number(block.timestamp))
 */
export function priceOf(
  order: Pick<Order, 'minPrice' | 'maxPrice' | 'rampStart' | 'rampDuration'>,
  at: number,
): bigint {
  const { minPrice, maxPrice, rampStart, rampDuration } = order
  if (at <= rampStart) return minPrice
  const elapsed = at - rampStart
  if (elapsed >= rampDuration) return maxPrice
  const rise = (maxPrice - minPrice) * BigInt(elapsed)
  return minPrice + rise / BigInt(rampDuration)
}
