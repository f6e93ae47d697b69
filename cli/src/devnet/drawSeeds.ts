import { setTimeout as sleep } from 'node:timers/promises'
import {
  type CreateLynodeClientReturnType,
  type Hex,
  LynodeError,
} from '@lynode/sdk'
import { closeEpoch, getAuditClock, getEpoch } from '@lynode/sdk/audits'
import { testActions } from 'viem'
import { getBlock } from 'viem/actions'

const pollMs = 100
const longestMs = 30_000

/**
 * Closes the epochs in which jobs were delivered, and waits for their seeds:
 * what a verifier does, for a network without one. An oracle has to run.
 *
 * @param client - Pays for the closings.
 * @param jobIds - Delivered jobs.
 * @throws LynodeError `LY-NET-003` when no seed comes.
 */
export async function drawSeeds(
  client: CreateLynodeClientReturnType,
  jobIds: readonly Hex[],
): Promise<void> {
  const clock = await getAuditClock(client)
  const chain = client.extend(testActions({ mode: 'anvil' }))
  const times = await Promise.all(
    jobIds.map(async (jobId) => (await client.getJob({ jobId })).time),
  )
  const epochs = new Set(times.map((time) => Math.floor(time / clock.epoch)))
  for (const epoch of epochs) {
    const until = Date.now() + longestMs
    for (;;) {
      const { seed, closedAt } = await getEpoch(client, { epoch })
      if (seed !== 0n) break
      const { timestamp } = await getBlock(client)
      if (closedAt === 0 && Number(timestamp) >= (epoch + 1) * clock.epoch)
        await closeEpoch.sync(client, { epoch }).catch((error: unknown) => {
          // Somebody else was faster.
          if (!(error instanceof LynodeError)) throw error
        })
      else if (Date.now() > until)
        throw new LynodeError('LY-NET-003', {
          details: `epoch ${epoch} got no seed: ${closedAt === 0 ? 'it did not end' : 'the oracle did not answer'}`,
        })
      // A chain that mines only what is sent stands still, and its epochs do not end.
      else if (closedAt === 0) await chain.mine({ blocks: 1 })
      await sleep(pollMs)
    }
  }
}
