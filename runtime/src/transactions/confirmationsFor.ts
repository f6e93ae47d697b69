import { parseEther } from 'viem'

/** Blocks on top of a transaction that puts nothing at stake. */
const least = 2

/** After two epochs a block of a main chain is final. */
const most = 64

/** LYN at stake for which one more block is waited. */
const perBlock = parseEther('500')

/**
 * Blocks on top of a transaction after which it counts as done for good: the
 * more LYN wei is lost when a reorganisation undoes it, the more of them.
 */
export function confirmationsFor(atStakeWei: bigint): number {
  const more = (atStakeWei + perBlock - 1n) / perBlock
  return more < BigInt(most - least) ? least + Number(more) : most
}
