import { formatAmount, formatPrice, type Order } from '@lynode/sdk'
import { isAddressEqual } from 'viem'
import type { Network } from '../network/networkFile.js'

/** What was paid for an order, with the unit of its pay token. */
export function paidText(
  { payToken }: Pick<Order, 'payToken'>,
  price: bigint,
  { addressBook, tokens }: Pick<Network, 'addressBook' | 'tokens'>,
): string {
  if (isAddressEqual(payToken, addressBook.contracts.lynToken))
    return formatAmount(price)
  return tokens.usdc !== undefined && isAddressEqual(payToken, tokens.usdc)
    ? formatPrice({ unit: 'USDC', value: price })
    : `${price} wei of ${payToken}`
}
