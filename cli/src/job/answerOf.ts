import { setTimeout as sleep } from 'node:timers/promises'
import {
  demandsAbi,
  executionId,
  expireDemand,
  getDemand,
  getJob,
  type Job,
  type LynodeClient,
  LynodeError,
  type Order,
} from '@lynode/sdk'
import { type Hex, hexToBytes } from 'viem'
import { getBlock, getContractEvents } from 'viem/actions'

/** A demand for chunks of an execution. */
export type AskedDemand = { order: Order; job: Job; demandId: Hex }

/**
 * Waits for what a demand's answer opens, and expires one that nobody answers.
 *
 * @throws LynodeError `LY-JOB-002` when the execution ended without an answer,
 * whoever ended it.
 */
export async function answerOf(
  client: LynodeClient,
  { order, job, demandId }: AskedDemand,
): Promise<Uint8Array> {
  for (;;) {
    // The demand first: it may be expired by anybody, such as a verifier.
    const { status, deadline } = await getDemand(client, { demandId })
    const ended = await endOf(client, job)
    if (ended !== undefined) throw ended
    if (status === 'answered' || status === 'claimed') break
    const { timestamp } = await getBlock(client)
    if (status === 'open' && Number(timestamp) >= deadline)
      await expireDemand.sync(client, { order, demandId }).catch(
        // Somebody was faster, or the answer was: the next look says which.
        async (error: unknown) => {
          const now = await getDemand(client, { demandId })
          if (now.status === 'open' && !(await endOf(client, job))) throw error
        },
      )
    else await sleep(200)
  }
  const [opened] = await getContractEvents(client, {
    address: client.addressBook.contracts.demands,
    abi: demandsAbi,
    eventName: 'ChunksOpened',
    args: { execId: executionId(job), demandId },
    fromBlock: client.addressBook.deployBlock,
    strict: true,
  })
  if (opened === undefined)
    throw new LynodeError('LY-TX-002', { details: `demand ${demandId}` })
  return hexToBytes(opened.args.data)
}

/** Why an execution is over without a result, if it is. */
async function endOf(
  client: LynodeClient,
  { jobId, attempt }: Job,
): Promise<LynodeError | undefined> {
  const now = await getJob(client, { jobId })
  if (now.status === 'convicted')
    return new LynodeError('LY-JOB-002', {
      shortMessage: 'The provider withheld the outputs and was convicted',
      details: `job ${jobId} is convicted; the order is refunded`,
    })
  return now.attempt === attempt &&
    ['delivered', 'settled'].includes(now.status)
    ? undefined
    : new LynodeError('LY-JOB-002', {
        details: `job ${jobId} is ${now.status}`,
      })
}
