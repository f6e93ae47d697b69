import {
  auditManagerAbi,
  executionId,
  getJob,
  getProviders,
  type Hex,
  jobMarketAbi,
  stakeManagerAbi,
} from '@lynode/sdk'
import {
  getAuditClock,
  getEpoch,
  isSampled,
  seatsOf,
  seedOf,
} from '@lynode/sdk/audits'
import type { Devnet } from 'lynode/devnet'
import { getContractEvents, readContract } from 'viem/actions'

export type ChosenWordOptions = {
  /** Which executions are audited; every one if it is left out. */
  isAudited?: (execId: Hex) => boolean
  /** Of a verifier, by id; one if it is left out. */
  leastSeats?: ReadonlyMap<number, number>
}

/**
 * Words of an oracle that is no friend of chance: the delivered jobs that are to
 * be audited are, no others are, and every verifier with stake is drawn.
 *
 * @returns What answers a request of AuditManager.
 */
export function chosenWord(
  net: Devnet,
  {
    isAudited = () => true,
    leastSeats = new Map<number, number>(),
  }: ChosenWordOptions = {},
): (requestId: bigint) => Promise<bigint> {
  const client = () => net.client('oracle')
  const audits = () =>
    ({
      address: client().addressBook.contracts.auditManager,
      abi: auditManagerAbi,
    }) as const

  /** Epoch for which a word was asked, at first or again. */
  async function epochOf(requestId: bigint): Promise<number> {
    const asked = await Promise.all(
      (['EpochClosed', 'SeedRequested'] as const).map((eventName) =>
        getContractEvents(client(), {
          ...audits(),
          eventName,
          fromBlock: 0n,
          strict: true,
        }),
      ),
    )
    const found = asked.flat().find(({ args }) => args.requestId === requestId)
    if (found === undefined) throw new Error(`no epoch asked for ${requestId}`)
    return found.args.epoch
  }

  /** Executions that were delivered in an epoch. */
  async function deliveredIn(epoch: number, length: number): Promise<Hex[]> {
    const delivered = await getContractEvents(client(), {
      address: client().addressBook.contracts.jobMarket,
      abi: jobMarketAbi,
      eventName: 'JobDelivered',
      fromBlock: 0n,
      strict: true,
    })
    const found: Hex[] = []
    for (const { args } of delivered) {
      const { jobId, providerId } = args
      const { time, attempt } = await getJob(client(), { jobId })
      if (Math.floor(time / length) === epoch)
        found.push(executionId({ jobId, attempt, providerId }))
    }
    return found
  }

  return async (requestId) => {
    const epoch = await epochOf(requestId)
    const clock = await getAuditClock(client())
    const { version, totalStake } = await getEpoch(client(), { epoch })
    const { ratePpm, seats } = await readContract(client(), {
      ...audits(),
      functionName: 'snapshotOf',
      args: [version],
    })
    const executions = await deliveredIn(epoch, clock.epoch)
    const verifiers = (await getProviders(client())).filter(
      ({ role }) => role === 'verifier',
    )
    const stakes = await Promise.all(
      verifiers.map(async ({ providerId }) => ({
        verifierId: providerId,
        stake: await readContract(client(), {
          address: client().addressBook.contracts.stakeManager,
          abi: stakeManagerAbi,
          functionName: 'stakeAt',
          args: [providerId, (epoch + 1) * clock.epoch - 1],
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
    const suits = (seed: bigint) =>
      executions.every((execId) => {
        const audited = isAudited(execId)
        return (
          isSampled({ seed, ratePpm, execId }) === audited &&
          (!audited || drawsAll(seed, execId))
        )
      })
    for (let word = 1n; word < 1_000_000n; word++)
      if (suits(seedOf(epoch, word))) return word
    throw new Error(`no word draws what is wanted of ${executions.join()}`)
  }
}
