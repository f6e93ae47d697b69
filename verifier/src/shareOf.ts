import type { Daemon } from '@lynode/runtime'
import { keccak256, toBytes } from 'viem'

/**
 * Where something lies in [0, 1), by our own account: the same after a restart,
 * and different for every verifier.
 */
export function shareOf(
  name: string,
  { account }: Pick<Daemon, 'account'>,
): number {
  const hash = keccak256(toBytes(`${account.address}:${name}`.toLowerCase()))
  return Number.parseInt(hash.slice(2, 14), 16) / 2 ** 48
}
