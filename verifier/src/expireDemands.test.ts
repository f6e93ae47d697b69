import type { Daemon } from '@lynode/runtime'
import {
  type DemandStatus,
  demandStatuses,
  demandsAbi,
  type Hex,
  type JobStatus,
  type Order,
} from '@lynode/sdk'
import {
  createPublicClient,
  custom,
  encodeFunctionResult,
  zeroAddress,
  zeroHash,
} from 'viem'
import { expect, test } from 'vitest'
import { expireDemands } from './expireDemands.js'

const demandId: Hex = `0x${'1'.repeat(64)}`
const jobId: Hex = `0x${'2'.repeat(64)}`
const deadline = 1_000
const order: Order = {
  requester: zeroAddress,
  modelId: zeroHash,
  class: 2,
  inputRoot: zeroHash,
  steps: 1,
  payToken: zeroAddress,
  minPrice: 1n,
  maxPrice: 1n,
  rampStart: 0,
  rampDuration: 0,
  lockDuration: 1,
  deliverDuration: 1,
  expiry: 2,
  maxAttempts: 1,
  collateral: 0n,
  valueAtRisk: 0n,
  verificationFee: 0n,
  tip: 0n,
  callback: zeroAddress,
  callbackGas: 0,
  callbackFee: 0n,
  maxTotal: 1n,
  allowedRoot: zeroHash,
  capabilities: zeroHash,
  paramsVersion: 1,
  currency: 0,
  nonce: 0n,
}

/** Expires what is due at a time, and says what was sent and what is kept. */
async function expire(
  time: number,
  demand: DemandStatus,
  job: JobStatus,
): Promise<{ sent: string[]; kept: boolean }> {
  const result = encodeFunctionResult({
    abi: demandsAbi,
    functionName: 'demandOf',
    result: {
      execId: zeroHash,
      asker: zeroAddress,
      kind: 0,
      status: demandStatuses.indexOf(demand),
      step: 0,
      value: 0,
      chunk: 0,
      count: 0,
      deadline,
      bond: 0n,
      askerGas: 0n,
      burnBps: 0,
      madeAt: 0,
      answerGas: 0n,
      ofOutput: false,
    },
  })
  const client = createPublicClient({
    transport: custom({ request: async () => result }),
  })
  const contracts = { demands: zeroAddress, disputes: zeroAddress }
  const sent: string[] = []
  let kept = true
  await expireDemands(
    {
      client: Object.assign(client, { addressBook: { contracts } }),
      contracts,
      logger: { info: () => undefined },
      now: () => time,
      outbox: { send: async ({ key }: { key: string }) => sent.push(key) },
    } as unknown as Daemon,
    {
      dueBy: () => [{ demandId, jobId, deadline }],
      orderOf: () => order,
      removeDeadline: () => {
        kept = false
      },
    },
    async () => job,
  )
  return { sent, kept }
}

test('default: a demand that is due and open is expired once', async () => {
  expect(await expire(deadline, 'open', 'delivered')).toEqual({
    sent: [`expire:${demandId}`],
    kept: false,
  })
})

test('behavior: what is answered, or whose job is over, is forgotten', async () => {
  const nothing = { sent: [], kept: false }
  expect(await expire(deadline, 'answered', 'delivered')).toEqual(nothing)
  expect(await expire(deadline, 'open', 'convicted')).toEqual(nothing)
})

test('behavior: a node that is late costs no conviction', async () => {
  const later = { sent: [], kept: true }
  expect(await expire(deadline, 'none', 'none')).toEqual(later)
  expect(await expire(deadline, 'open', 'locked')).toEqual(later)
  // What a reorganisation undid is not asked for until the end of days.
  expect((await expire(deadline + 3_600, 'none', 'none')).kept).toBe(false)
})
