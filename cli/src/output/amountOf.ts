import { formatAmount } from '@lynode/sdk'

/** An amount as JSON shows it: exact, and with its unit. */
export type Amount = { wei: bigint; text: string }

/** An amount of LYN, exact and with its unit. */
export function amountOf(wei: bigint): Amount {
  return { wei, text: formatAmount(wei) }
}
