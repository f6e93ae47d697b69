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
import { type Devnet, type Oracle, startOracle } from 'lynode/devnet'
import { getContractEvents, readContract } from 'viem/actions'

/**
 * An oracle that is no friend of chance: under its words every delivered job is
 * audited, and every verifier with stake is drawn.
 *
 * @param leastSeats - Of a verifier, by id; one if it is left out.
 */
export function sampleAll(
  net: Devnet,
  leastSeats: ReadonlyMap<number, number> = new Map(),
): Oracle {
  const client = net.client('oracle')
  const { auditManager, jobMarket, stakeManager } = client.addressBook.contracts
  const audits = { address: auditManager, abi: auditManagerAbi } as const

  /** Epoch for which a word was asked. */
  async function epochOf(requestId: bigint): Promise<number> {
    const closed = await getContractEvents(client, {
      ...audits,
      eventName: 'EpochClosed',
      fromBlock: 0n,
      strict: true,
    })
    const found = closed.find(({ args }) => args.requestId === requestId)
    if (found === undefined) throw new Error(`no epoch asked for ${requestId}`)
    return found.args.epoch
  }

  /** Executions that were delivered in an epoch. */
  async function deliveredIn(epoch: number, length: number): Promise<Hex[]> {
    const delivered = await getContractEvents(client, {
      address: jobMarket,
      abi: jobMarketAbi,
      eventName: 'JobDelivered',
      fromBlock: 0n,
      strict: true,
    })
    const found: Hex[] = []
    for (const { args } of delivered) {
      const { jobId, providerId } = args
      const { time, attempt } = await getJob(client, { jobId })
      if (Math.floor(time / length) === epoch)
        found.push(executionId({ jobId, attempt, providerId }))
    }
    return found
  }

  return startOracle({
    client,
    async word(requestId) {
      const epoch = await epochOf(requestId)
      const clock = await getAuditClock(client)
      const { version, totalStake } = await getEpoch(client, { epoch })
      const { ratePpm, seats } = await readContract(client, {
        ...audits,
        functionName: 'snapshotOf',
        args: [version],
      })
      const executions = await deliveredIn(epoch, clock.epoch)
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
            args: [providerId, (epoch + 1) * clock.epoch - 1],
          }),
        })),
      )
      const suits = (seed: bigint) =>
        executions.every(
          (execId) =>
            isSampled({ seed, ratePpm, execId }) &&
            stakes.every(
              ({ verifierId, stake }) =>
                stake === 0n ||
                seatsOf({
                  ...{ seed, execId, verifierId, round: 0, seats },
                  ...{ stake, total: totalStake },
                }) >= (leastSeats.get(verifierId) ?? 1),
            ),
        )
      for (let word = 1n; word < 1_000_000n; word++)
        if (suits(seedOf(epoch, word))) return word
      throw new Error(`no word samples ${executions.join()}`)
    },
  })
}
