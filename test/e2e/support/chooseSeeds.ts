import {
  auditManagerAbi,
  executionId,
  getJob,
  type Hex,
  jobMarketAbi,
} from '@lynode/sdk'
import { getAuditClock, getEpoch, seedOf } from '@lynode/sdk/audits'
import { type Devnet, type Oracle, startOracle } from 'lynode/devnet'
import { getContractEvents, readContract } from 'viem/actions'

/** What a seed decides about. */
export type Draw = {
  epoch: number
  /** Seconds of an epoch. */
  length: number
  /** Executions that were delivered in it. */
  executions: readonly Hex[]
  /** Millionths of the executions that are sampled. */
  ratePpm: number
  /** Expected verifiers of an execution, in hundredths. */
  seats: number
  /** Stake of all verifiers at the epoch's end. */
  totalStake: bigint
}

/**
 * An oracle that is no friend of chance.
 *
 * @param wanted - What a seed has to do in one epoch.
 */
export function chooseSeeds(
  net: Devnet,
  wanted: (
    draw: Draw,
  ) => ((seed: bigint) => boolean) | Promise<(seed: bigint) => boolean>,
): Oracle {
  const client = net.client('oracle')
  const { auditManager, jobMarket } = client.addressBook.contracts
  const audits = { address: auditManager, abi: auditManagerAbi } as const

  /** Epoch for which a word was asked, at first or again. */
  async function epochOf(requestId: bigint): Promise<number> {
    const asked = await Promise.all(
      (['EpochClosed', 'SeedRequested'] as const).map((eventName) =>
        getContractEvents(client, {
          ...audits,
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
      const { epoch: length } = await getAuditClock(client)
      const { version, totalStake } = await getEpoch(client, { epoch })
      const { ratePpm, seats } = await readContract(client, {
        ...audits,
        functionName: 'snapshotOf',
        args: [version],
      })
      const executions = await deliveredIn(epoch, length)
      const suits = await wanted({
        ...{ epoch, length, executions },
        ...{ ratePpm, seats, totalStake },
      })
      for (let word = 1n; word < 1_000_000n; word++)
        if (suits(seedOf(epoch, word))) return word
      throw new Error(`no word suits ${executions.join()}`)
    },
  })
}
