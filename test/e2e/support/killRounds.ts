import { setTimeout as sleep } from 'node:timers/promises'
import {
  approveToken,
  type DemandRequest,
  demand,
  demandKinds,
  demandsAbi,
  deposit,
  getBalance,
  getDemand,
  getJob,
  getProvider,
  type Hex,
  jobMarketAbi,
  proveEntry,
} from '@lynode/sdk'
import type { Devnet } from 'lynode/devnet'
import { type Address, parseEther } from 'viem'
import {
  getBlock,
  getBlockNumber,
  getContractEvents,
  getTransactionCount,
  getTransactionReceipt,
} from 'viem/actions'
import { expect } from 'vitest'
import { mlpScenario } from '../../../sdk/src/vectors/scenarios.js'
import { HostileProvider } from './hostileProvider.js'
import { KilledDaemon, type KilledDaemonOptions } from './killedDaemon.js'
import { orderOn } from './sellOnce.js'
import { untilStatus } from './untilStatus.js'

export type KillReport = {
  role: KilledDaemonOptions['role']
  rounds: number
  /** Points that it came to, and those at which it died. */
  seen: string[]
  killed: string[]
}

/**
 * Lets a daemon die at every point once, over as many rounds as it takes, and
 * asserts after each round that nothing was lost and nothing done twice.
 */
export async function killEverywhere(
  options: KilledDaemonOptions,
  mostRounds: number,
): Promise<KillReport> {
  const { net, role } = options
  const { address } = net.accounts[role]
  const from = await getBlockNumber(net.client('third'))
  const daemon = await KilledDaemon.replace(options)
  let rounds = 0
  try {
    for (let deaths = -1; rounds < mostRounds; rounds++) {
      if (daemon.killed.length === deaths) break // a round without a death
      deaths = daemon.killed.length
      if (rounds > 0) await daemon.rearm()
      if (role === 'provider') await sellRound(net, daemon)
      else await convictRound(net)
    }
    await expectWhole(net, address, from)
  } finally {
    await daemon.stop()
  }
  return { role, rounds, seen: daemon.seen, killed: daemon.killed }
}

/** A job whose trace and numbers are demanded: sold once, served, paid. */
async function sellRound(net: Devnet, daemon: KilledDaemon): Promise<void> {
  const asker = net.client('third')
  const { providerId } = net
  const before = await getProvider(asker, { providerId })
  const honest = mlpScenario()
  const { order, jobId } = await again(() =>
    orderOn(net, honest, { deliverDuration: 120 }),
  )
  await untilStatus(net.client('third'), jobId, 'delivered', 180_000)
  const { lynToken: token, ledger } = asker.addressBook.contracts
  const amount = parseEther('1000')
  await approveToken(asker, { token, spender: ledger, amount })
  await deposit.sync(asker, { token, to: asker.account.address, amount })
  const ask = async (request: DemandRequest): Promise<Hex> => {
    const { event } = await demand.sync(asker, {
      order,
      model: honest.manifest.header,
      request,
      ...(request.kind === demandKinds.chunk
        ? proveEntry(honest.manifest, request.value)
        : {}),
    })
    return event.demandId
  }
  const trace = { kind: demandKinds.trace, step: 0, value: 0, chunk: 0 }
  const asked = [await ask({ ...trace, count: 0 })]
  await untilAll(net, asked, ['answered'])
  const value = honest.manifest.values.findIndex(
    ({ kind }) => kind === 'activation',
  )
  asked.push(
    await ask({ kind: demandKinds.chunk, step: 0, value, chunk: 0, count: 1 }),
  )
  // Its data server has the trace as long as it can be asked for.
  const { traceRoot } = honest.roots(0)
  await again(async () => {
    const { endpoint } = await daemon.ready()
    const response = await fetch(`${endpoint}/v1/bundles/${traceRoot}`)
    if (!response.ok) throw new Error(`status ${response.status}`)
    expect(await response.json()).toEqual(honest.commitments(0).trace)
  })
  await untilStatus(net.client('third'), jobId, 'settled', 180_000)
  await untilAll(net, asked, ['claimed'])
  await blocks(net, 6)
  const after = await getProvider(asker, { providerId })
  expect(after.stake).toBe(before.stake)
  expect((await getJob(asker, { jobId })).resultRoot).toBe(
    honest.roots(0).resultRoot,
  )
  for (const eventName of ['JobLocked', 'JobDelivered'] as const)
    expect(
      (
        await getContractEvents(asker, {
          address: asker.addressBook.contracts.jobMarket,
          abi: jobMarketAbi,
          eventName,
          fromBlock: 0n,
          strict: true,
        })
      ).filter(({ args }) => args.jobId === jobId),
    ).toHaveLength(1)
}

/** A wrong number: convicted, and every bond comes back. */
async function convictRound(net: Devnet): Promise<void> {
  const reader = net.client('third')
  const account = net.accounts.verifier.address
  const { lynToken: token } = reader.addressBook.contracts
  const { free: before } = await getBalance(reader, { token, account })
  const hostile = await HostileProvider.enrol(net, {
    serves: 'nothing',
    answers: 'what it committed to',
  })
  const wrong = mlpScenario((_, name, values) => {
    if (name === 'h') values[307] = 9
  })
  const { order, jobId, signature } = await orderOn(net, wrong)
  expect(await hostile.sell(wrong, order, signature, jobId)).toBe('convicted')
  const demanded = await getContractEvents(reader, {
    address: reader.addressBook.contracts.demands,
    abi: demandsAbi,
    eventName: 'Demanded',
    fromBlock: 0n,
    strict: true,
  })
  const own = demanded.filter(({ args }) => args.jobId === jobId)
  expect(own.length).toBeGreaterThan(0)
  await untilAll(
    net,
    own.map(({ args }) => args.demandId),
    ['claimed'],
  )
  await blocks(net, 6)
  // Bounty and repaid gas come on top of every bond.
  const { free: after } = await getBalance(reader, { token, account })
  expect(after).toBeGreaterThan(before)
}

/** No transaction of a key failed, none is missing, none waits. */
async function expectWhole(
  net: Devnet,
  address: Address,
  from: bigint,
): Promise<void> {
  const client = net.client('third')
  const [latest, pending] = await Promise.all([
    getTransactionCount(client, { address }),
    getTransactionCount(client, { address, blockTag: 'pending' }),
  ])
  expect(pending).toBe(latest)
  const head = await getBlockNumber(client)
  for (let blockNumber = from; blockNumber <= head; blockNumber++) {
    const { transactions } = await getBlock(client, {
      blockNumber,
      includeTransactions: true,
    })
    for (const one of transactions) {
      if (one.from.toLowerCase() !== address.toLowerCase()) continue
      const { status } = await getTransactionReceipt(client, one)
      expect({ hash: one.hash, status }).toMatchObject({ status: 'success' })
    }
  }
}

async function untilAll(
  net: Devnet,
  demandIds: readonly Hex[],
  statuses: readonly string[],
): Promise<void> {
  for (const demandId of demandIds)
    await expect
      .poll(
        async () => (await getDemand(net.client('third'), { demandId })).status,
        { timeout: 180_000, interval: 200 },
      )
      .toSatisfy((status: string) => statuses.includes(status))
}

async function blocks(net: Devnet, count: number): Promise<void> {
  const client = net.client('third')
  const end = (await getBlockNumber(client)) + BigInt(count)
  while ((await getBlockNumber(client)) < end) await sleep(200)
}

/** What a daemon that has just died does not answer, it answers after its restart. */
async function again<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = 100; ; left--)
    try {
      return await attempt()
    } catch (error) {
      if (left === 0) throw error
      await sleep(300)
    }
}
