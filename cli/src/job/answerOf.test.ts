import {
  createLynodeClient,
  type DemandStatus,
  demandStatuses,
  demandsAbi,
  type Job,
  type JobStatus,
  jobMarketAbi,
  jobStatuses,
  type Order,
  parseAddressBook,
} from '@lynode/sdk'
import {
  type Abi,
  type AbiFunction,
  custom,
  decodeFunctionData,
  encodeFunctionResult,
  type Hex,
  zeroAddress,
  zeroHash,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { expect, test } from 'vitest'
import { addressBookText } from '../network/addressBook.test.fixture.js'
import { answerOf } from './answerOf.js'

/** A view's answer, where all but what is known is zero. */
function answerTo(abi: Abi, name: string, known: object): Hex {
  const found = abi.find(
    (item): item is AbiFunction =>
      item.type === 'function' && item.name === name,
  )
  if (found === undefined) throw new Error(`no ${name}`)
  const [{ components }] = found.outputs as unknown as [
    { components: { name: string; type: string }[] },
  ]
  const zero = (type: string) =>
    ({ address: zeroAddress, bytes32: zeroHash, bool: false })[type] ?? 0n
  const result = {
    ...Object.fromEntries(
      components.map(({ name, type }) => [name, zero(type)]),
    ),
    ...known,
  }
  return encodeFunctionResult({ abi, functionName: name, result })
}

/**
 * Waits on a chain whose demand and job have one state after the other, at the
 * demand's deadline; what is sent comes too late.
 */
function waitOn(demand: DemandStatus[], job: JobStatus[]) {
  const next = <status>(of: status[]) =>
    (of.length > 1 ? of.shift() : of[0]) as status
  const called = (data: Hex): Hex =>
    decodeFunctionData({ abi: [...demandsAbi, ...jobMarketAbi], data })
      .functionName === 'demandOf'
      ? answerTo(demandsAbi, 'demandOf', {
          status: demandStatuses.indexOf(next(demand)),
          deadline: 100,
        })
      : answerTo(jobMarketAbi, 'jobOf', {
          status: jobStatuses.indexOf(next(job)),
        })
  const client = createLynodeClient({
    account: privateKeyToAccount(`0x${'1'.repeat(64)}`),
    chain: foundry,
    addressBook: parseAddressBook(JSON.parse(addressBookText)),
    transport: custom(
      {
        async request({ method, params }) {
          if (method === 'eth_getBlockByNumber')
            return { number: '0x1', timestamp: '0x64' }
          if (method === 'eth_call') return called(params[0].data)
          throw new Error('somebody was faster')
        },
      },
      { retryCount: 0 },
    ),
  })
  const { order, asked } = {
    order: {} as unknown as Order,
    asked: { jobId: zeroHash, attempt: 0 } as unknown as Job,
  }
  return answerOf(client, { order, job: asked, demandId: zeroHash })
}

test('error: a demand that a verifier has expired ends in the conviction', async () => {
  await expect(waitOn(['expired'], ['convicted'])).rejects.toMatchObject({
    code: 'LY-JOB-002',
    shortMessage: expect.stringContaining('was convicted'),
  })
})

test('error: so does one that it expires at the same moment', async () => {
  const demand: DemandStatus[] = ['open', 'expired']
  const job: JobStatus[] = ['delivered', 'convicted']
  await expect(waitOn(demand, job)).rejects.toMatchObject({
    code: 'LY-JOB-002',
    shortMessage: expect.stringContaining('was convicted'),
  })
})

test('error: so does one that stays open while something else convicts', async () => {
  await expect(waitOn(['open'], ['convicted'])).rejects.toMatchObject({
    code: 'LY-JOB-002',
    shortMessage: expect.stringContaining('was convicted'),
  })
})

test('error: an execution that was voided has no outputs to open', async () => {
  await expect(waitOn(['open'], ['reopened'])).rejects.toMatchObject({
    code: 'LY-JOB-002',
    details: expect.stringContaining('is reopened'),
  })
})

test('error: one that cannot be expired for another reason says why', async () => {
  await expect(waitOn(['open'], ['delivered'])).rejects.toMatchObject({
    code: 'LY-INT-001',
  })
})
