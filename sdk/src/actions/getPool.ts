import { delegationPoolsAbi } from '../abis/delegationPoolsAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { readAction } from './readAction.js'

export type GetPoolParameters = {
  providerId: number
  /** Default: the running pool. */
  nonce?: number | undefined
}

/** A delegation pool. Twin of `IDelegationPools.Pool`, with the provider's commission. */
export type Pool = {
  providerId: number
  nonce: number
  assets: bigint
  shares: bigint
  thawingShares: bigint
  /** What a slash may take: assets above the floor. */
  slashable: bigint
  index: bigint
  floorBps: number
  /** Rewards that members have not claimed. */
  unclaimed: bigint
  /** At its floor, or followed by another: takes no more delegation. */
  spent: boolean
  commission: {
    bps: number
    /** What it will be from `at` on. */
    nextBps: number
    at: number
  }
}

/**
 * Reads a delegation pool (`StakeManager.poolOf`, `commissionOf`).
 *
 * @returns `undefined` when the provider never opened one.
 * @example
 * const pool = await getPool(client, { providerId })
 */
export async function getPool(
  client: LynodeReader,
  { providerId, nonce: asked }: GetPoolParameters,
): Promise<Pool | undefined> {
  const call = { contract: 'stakeManager', abi: delegationPoolsAbi } as const
  const nonce =
    asked ??
    (await readAction(client, {
      ...call,
      functionName: 'poolNonceOf',
      args: [providerId],
    }))
  if (nonce === 0) return undefined
  const [pool, [bps, nextBps, at]] = await Promise.all([
    readAction(client, {
      ...call,
      functionName: 'poolOf',
      args: [providerId, nonce],
    }),
    readAction(client, {
      ...call,
      functionName: 'commissionOf',
      args: [providerId],
    }),
  ])
  return { providerId, nonce, ...pool, commission: { bps, nextBps, at } }
}
