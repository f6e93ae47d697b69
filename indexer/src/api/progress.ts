import type { Progress } from './rest.js'

/**
 * Reads a row of Ponder's checkpoints: block time in 10 digits, chain in 16,
 * block in 16, and what else orders events.
 */
export function finalisedOf(
  row: Record<string, string | number> | undefined,
): Progress {
  // Nothing is indexed yet.
  if (row === undefined)
    return { chainId: 0, block: 0, time: 0, finalisedBlock: 0 }
  const latest = String(row['latest_checkpoint'])
  return {
    chainId: Number(row['chain_id']),
    block: blockOf(latest),
    time: Number(latest.slice(0, 10)),
    finalisedBlock: blockOf(String(row['finalized_checkpoint'])),
  }
}

function blockOf(checkpoint: string): number {
  return Number(checkpoint.slice(26, 42))
}
