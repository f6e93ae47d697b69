import {
  createClient,
  custom,
  type DecodeFunctionResultReturnType,
  encodeFunctionResult,
  type Hex,
  zeroAddress,
  zeroHash,
} from 'viem'
import { foundry } from 'viem/chains'
import { expect, test } from 'vitest'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import { withAddressBook } from '../clients/withAddressBook.js'
import type { Contracts } from '../types/addressBook.js'
import { type JobStatus, jobStatuses } from '../types/job.js'
import { awaitJob } from './awaitJob.js'

const jobId: Hex = `0x${'1'.repeat(64)}`
const order = { rampStart: 100, lockDuration: 30, expiry: 200 }

const jobOf = jobMarketAbi.find(
  (item) => item.type === 'function' && item.name === 'jobOf',
)

/** What `jobOf` returns of a job of which nothing but its status is known. */
function answerOf(status: JobStatus): Hex {
  if (jobOf?.type !== 'function') throw new Error('no jobOf')
  const [{ components }] = jobOf.outputs as unknown as [
    { components: { name: string; type: string }[] },
  ]
  const zero = (type: string) =>
    type === 'address' ? zeroAddress : type === 'bytes32' ? zeroHash : 0n
  const job = {
    ...Object.fromEntries(
      components.map(({ name, type }) => [name, zero(type)]),
    ),
    status: jobStatuses.indexOf(status),
  }
  return encodeFunctionResult({
    abi: jobMarketAbi,
    functionName: 'jobOf',
    result: job as unknown as DecodeFunctionResultReturnType<
      typeof jobMarketAbi,
      'jobOf'
    >,
  })
}

/** A chain whose job has one status after the other, and whose time is given. */
function chainOf(statuses: JobStatus[], timestamp: number) {
  return createClient({
    chain: foundry,
    transport: custom({
      async request({ method }) {
        if (method === 'eth_call')
          return answerOf(
            (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 'none',
          )
        if (method === 'eth_getBlockByNumber')
          return { number: '0x1', timestamp: `0x${timestamp.toString(16)}` }
        throw new Error(`unexpected ${method}`)
      },
    }),
  }).extend(
    withAddressBook({
      chainId: foundry.id,
      deployBlock: 0n,
      contracts: { jobMarket: `0x${'5'.repeat(40)}` } as unknown as Contracts,
    }),
  )
}

const follow = (statuses: JobStatus[], timestamp: number) =>
  awaitJob(chainOf(statuses, timestamp), {
    ...{ jobId, order, pollMs: 1 },
    until: ['locked'],
  })

test('default: a job is followed until it is taken', async () => {
  expect(await follow(['none', 'none', 'locked'], 120)).toMatchObject({
    status: 'locked',
  })
})

test('behavior: one that is taken at the last moment, between two looks, is not given up', async () => {
  expect(await follow(['none', 'locked'], 131)).toMatchObject({
    status: 'locked',
  })
})

test('error: nobody took it in time', async () => {
  await expect(follow(['none'], 131)).rejects.toMatchObject({
    code: 'LY-JOB-001',
  })
})
