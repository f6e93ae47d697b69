import { getProviders, type Hex, stakeManagerAbi } from '@lynode/sdk'
import { isSampled, seatsOf } from '@lynode/sdk/audits'
import type { Devnet, Oracle } from 'lynode/devnet'
import { readContract } from 'viem/actions'
import { chooseSeeds, type Draw } from './chooseSeeds.js'

/**
 * An oracle under whose words every delivered job is audited, and every
 * verifier with stake is drawn.
 *
 * @param leastSeats - Of a verifier, by id; one if it is left out.
 */
export function sampleAll(
  net: Devnet,
  leastSeats: ReadonlyMap<number, number> = new Map(),
): Oracle {
  return chooseSeeds(net, (draw) => sampling(net, draw, () => true, leastSeats))
}

/**
 * What a seed has to do so that the executions that are to be audited are, no
 * others are, and every verifier with stake is drawn.
 */
export async function sampling(
  net: Devnet,
  draw: Draw,
  isAudited: (execId: Hex) => boolean,
  leastSeats: ReadonlyMap<number, number> = new Map(),
): Promise<(seed: bigint) => boolean> {
  const client = net.client('oracle')
  const { stakeManager } = client.addressBook.contracts
  const { epoch, length, executions, ratePpm, seats, totalStake } = draw
  const verifiers = (await getProviders(client)).filter(
    ({ role }) => role === 'verifier',
  )
  const stakes = await Promise.all(
    verifiers.map(async ({ providerId }) => ({
      verifierId: providerId,
      stake: await readContract(client, {
        address: stakeManager,
        abi: stakeManagerAbi,
        functionName: 'stakeAt',
        args: [providerId, (epoch + 1) * length - 1],
      }),
    })),
  )
  const drawsAll = (seed: bigint, execId: Hex) =>
    stakes.every(
      ({ verifierId, stake }) =>
        stake === 0n ||
        seatsOf({
          ...{ seed, execId, verifierId, round: 0, seats },
          ...{ stake, total: totalStake },
        }) >= (leastSeats.get(verifierId) ?? 1),
    )
  return (seed) =>
    executions.every((execId) => {
      const audited = isAudited(execId)
      return (
        isSampled({ seed, ratePpm, execId }) === audited &&
        (!audited || drawsAll(seed, execId))
      )
    })
}
