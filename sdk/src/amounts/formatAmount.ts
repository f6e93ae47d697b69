import { formatEther } from 'viem'

/**
 * Formats an amount of wei with its unit, exactly, so that `parseAmount` gives
 * it back.
 *
 * @example
 * formatAmount(1500000000000000000n) // '1.5LYN'
 */
export function formatAmount(wei: bigint): string {
  return wei !== 0n && wei < 1_000_000_000n
    ? `${wei}wei`
    : `${formatEther(wei)}LYN`
}
