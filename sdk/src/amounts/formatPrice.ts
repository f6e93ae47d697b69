import { formatUnits } from 'viem'
import { formatAmount } from './formatAmount.js'
import type { Price } from './parsePrice.js'

/**
 * Formats a price with its unit, exactly, so that `parsePrice` gives it back.
 *
 * @example
 * formatPrice({ unit: 'USDC', value: 1500000n }) // '1.5usdc'
 */
export function formatPrice({ unit, value }: Price): string {
  switch (unit) {
    case 'LYN':
      return formatAmount(value)
    case 'USDC':
      return `${formatUnits(value, 6)}usdc`
    case 'USD':
      return `$${formatUnits(value, 18)}`
  }
}
