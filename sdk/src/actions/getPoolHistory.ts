import { getBlock, getContractEvents } from 'viem/actions'
import { delegationPoolsAbi } from '../abis/delegationPoolsAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'

export type GetPoolHistoryParameters = { providerId: number }

/** What delegators should know of a provider's past, oldest first. */
export type PoolHistory = {
  commissions: { bps: number; at: number }[]
  distributions: { nonce: number; toMembers: bigint; time: number }[]
  slashes: { nonce: number; amount: bigint; left: bigint; time: number }[]
}

/**
 * Reads what delegators earned, paid and lost so far, from the logs of the stake manager.
 *
 * @example
 * const { distributions, slashes } = await getPoolHistory(client, { providerId })
 */
export async function getPoolHistory(
  client: LynodeReader,
  { providerId }: GetPoolHistoryParameters,
): Promise<PoolHistory> {
  const { contracts, deployBlock } = client.addressBook
  const filter = {
    address: contracts.stakeManager,
    abi: delegationPoolsAbi,
    args: { providerId },
    fromBlock: deployBlock,
    strict: true,
  } as const
  try {
    const [opened, set, distributed, slashed] = await Promise.all([
      getContractEvents(client, { ...filter, eventName: 'PoolOpened' }),
      getContractEvents(client, { ...filter, eventName: 'CommissionSet' }),
      getContractEvents(client, { ...filter, eventName: 'Distributed' }),
      getContractEvents(client, { ...filter, eventName: 'PoolSlashed' }),
    ])
    const times = new Map<bigint, Promise<number>>()
    /** One request a block. */
    const timeOf = ({ blockNumber }: { blockNumber: bigint }) => {
      const known =
        times.get(blockNumber) ??
        getBlock(client, { blockNumber }).then(({ timestamp }) =>
          Number(timestamp),
        )
      times.set(blockNumber, known)
      return known
    }
    const openings = await Promise.all(
      opened.map(async (log) => ({
        bps: log.args.commissionBps,
        at: await timeOf(log),
      })),
    )
    const changes = set.map(({ args }) => ({
      bps: args.commissionBps,
      at: args.at,
    }))
    return {
      commissions: [...openings, ...changes].sort((a, b) => a.at - b.at),
      distributions: await Promise.all(
        distributed.map(async (log) => ({
          nonce: log.args.nonce,
          toMembers: log.args.toMembers,
          time: await timeOf(log),
        })),
      ),
      slashes: await Promise.all(
        slashed.map(async (log) => ({
          nonce: log.args.nonce,
          amount: log.args.amount,
          left: log.args.left,
          time: await timeOf(log),
        })),
      ),
    }
  } catch (error) {
    throw toLynodeError(error)
  }
}
