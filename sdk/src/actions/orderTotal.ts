import type { Order } from '../types/order.js'

/**
 * Computes what a lock at a price debits: the twin of `JobMarket.totalOf`
 * (RULES D3). An order's `maxTotal` must not be below it.
 *
 * @param price - In wei of the pay token.
 * @example
 * orderTotal(order, order.maxPrice)
 */
export function orderTotal(
  order: Pick<Order, 'verificationFee' | 'tip' | 'callbackFee'>,
  price: bigint,
): bigint {
  return price + order.verificationFee + order.tip + order.callbackFee
}
