import type { Address } from 'viem'
import { delegationPoolsAbi } from '../abis/delegationPoolsAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { readAction } from './readAction.js'

export type GetDelegationParameters = {
  providerId: number
  nonce: number
  member: Address
}

/** What a member has in a pool. */
export type Delegation = {
  providerId: number
  nonce: number
  member: Address
  /** Shares that do not thaw. */
  shares: bigint
  /** What they are worth. */
  amount: bigint
  /** What `claimRewards` would pay. */
  rewards: bigint
}

/**
 * Reads what a member has in a pool (`StakeManager.memberOf`).
 *
 * @example
 * const { shares } = await getDelegation(client, { providerId, nonce, member: account.address })
 */
export async function getDelegation(
  client: LynodeReader,
  { providerId, nonce, member }: GetDelegationParameters,
): Promise<Delegation> {
  const [shares, amount, rewards] = await readAction(client, {
    contract: 'stakeManager',
    abi: delegationPoolsAbi,
    functionName: 'memberOf',
    args: [providerId, nonce, member],
  })
  return { providerId, nonce, member, shares, amount, rewards }
}
