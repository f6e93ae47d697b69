import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  disputesAbi,
  getJob,
  getProvider,
  type Hex,
  jobMarketAbi,
  type Order,
} from '@lynode/sdk'
import { buildStep, Devnet } from 'lynode/devnet'
import { createTestClient, http, parseEther } from 'viem'
import { getBlockNumber, getContractEvents } from 'viem/actions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mlpScenario } from '../../../sdk/src/vectors/scenarios.js'
import {
  type FaultyProxy,
  faults,
  startFaultyProxy,
} from '../support/faultyProxy.js'
import { HostileProvider } from '../support/hostileProvider.js'
import { lynOf } from '../support/lynOf.js'
import { orderOn } from '../support/sellOnce.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-e2e-'))
// The honest provider leaves what pays less to the cheat.
const minPrice = '2'
const net = new Devnet({ folder, minPrice })
const proxies: FaultyProxy[] = []

beforeAll(async () => {
  for (const step of [buildStep(), ...net.steps()])
    await step.run(() => undefined)
}, 240_000)

afterAll(async () => {
  await net.stop()
  await Promise.all(proxies.map((proxy) => proxy.close()))
  rmSync(folder, { recursive: true, force: true })
})

test('behavior: over a connection that fails one time in five, on a chain that reorganises, everybody ends with the same', async () => {
  const clean = await scenario(async () => undefined)
  for (const [seed, role] of (['provider', 'verifier'] as const).entries()) {
    const proxy = await startFaultyProxy(net.rpcUrl, seed + 1)
    proxies.push(proxy)
    await reconnect(role, proxy.url)
  }
  const undone: string[] = []
  const faulty = await scenario(async (event, blockNumber) => {
    const head = await getBlockNumber(net.client('third'))
    await createTestClient({
      mode: 'anvil',
      transport: http(net.rpcUrl),
    }).request({
      method: 'anvil_reorg',
      params: [Number(head - blockNumber) + 1, []],
    } as never)
    undone.push(event)
  })
  expect(faulty).toEqual(clean)
  expect(clean).toMatchObject({
    honest: 'settled',
    wrong: 'convicted',
    slashed: parseEther('1000'),
    providerStake: 0n,
    refunded: 0n,
    verifierIsPoorer: false,
  })
  expect(undone).toEqual(['JobLocked', 'JobDelivered', 'ProofCommitted'])
  for (const { counts } of proxies) {
    expect(counts.requests).toBeGreaterThan(200)
    for (const fault of faults) expect(counts[fault]).toBeGreaterThan(0)
  }
}, 400_000)

/**
 * An honest job and a wrong one; `undo` is told of the block in which something
 * important has just happened.
 *
 * @returns what became of both, and what everybody gained but for gas.
 */
async function scenario(
  undo: (event: string, blockNumber: bigint) => Promise<void>,
) {
  const { providerId } = net
  const reader = net.client('third')
  const price = parseEther('5')
  const terms = { minPrice: price, maxPrice: price, deliverDuration: 60 }
  const before = await worth()
  const honest = await orderOn(net, mlpScenario(), terms)
  for (const event of ['JobLocked', 'JobDelivered'] as const)
    await undo(event, await happened(event, honest.jobId))
  const status = await closed(honest.jobId)
  const between = await worth()

  const hostile = await HostileProvider.enrol(net, {
    serves: 'everything',
    answers: 'what it committed to',
  })
  const wrong = mlpScenario((_, name, values) => {
    if (name === 'h') values[307] = 9
  })
  const low: Partial<Order> = { ...terms, minPrice: 1n, maxPrice: 1n }
  const sale = await orderOn(net, wrong, low)
  const sold = hostile.sell(wrong, sale.order, sale.signature, sale.jobId)
  await undo('ProofCommitted', await committed(sale.jobId))
  const verdict = await sold
  const after = await worth()
  const { stake } = await getProvider(reader, {
    providerId: await providerOf(sale.jobId),
  })
  return {
    honest: status,
    wrong: verdict,
    paid: before.requester - between.requester,
    earned: between.provider - before.provider,
    providerStake: after.stake - before.stake,
    slashed: parseEther('100000') - stake,
    refunded: between.requester - after.requester,
    verifierIsPoorer: after.verifier < before.verifier,
  }

  async function worth() {
    const { requester, provider, verifier } = net.accounts
    const owner = net.accounts['provider-owner']
    return {
      requester: await lynOf(net, requester.address),
      provider:
        (await lynOf(net, owner.address)) +
        (await lynOf(net, provider.address)),
      verifier: await lynOf(net, verifier.address),
      stake: (await getProvider(reader, { providerId })).stake,
    }
  }
}

async function reconnect(
  role: 'provider' | 'verifier',
  rpc: string,
): Promise<void> {
  const daemon = net.daemons.filter((one) => one.role === role).at(-1)
  await daemon?.stop()
  const port = Number(new URL(daemon?.endpoint ?? '').port)
  const settings = { rpc }
  for (let left = 3; ; left--)
    try {
      await net.startDaemon({
        ...{ name: role, role, account: role, port, settings },
        ...(role === 'provider' && { minPrice }),
      })
      return
    } catch (error) {
      // Status 75: it may be started again, as a service is.
      if (left === 0) throw error
    }
}

/** Block of an event of a job. */
async function happened(
  eventName: 'JobLocked' | 'JobDelivered',
  jobId: Hex,
): Promise<bigint> {
  const client = net.client('third')
  return found(async () => {
    const events = await getContractEvents(client, {
      address: client.addressBook.contracts.jobMarket,
      abi: jobMarketAbi,
      eventName,
      fromBlock: 0n,
      strict: true,
    })
    return events.find(({ args }) => args.jobId === jobId)?.blockNumber
  })
}

async function providerOf(jobId: Hex): Promise<number> {
  return (await getJob(net.client('third'), { jobId })).providerId
}

/** Block of the first commit to a proof after a delivery. */
async function committed(jobId: Hex): Promise<bigint> {
  const client = net.client('third')
  const fromBlock = await happened('JobDelivered', jobId)
  return found(async () => {
    const [event] = await getContractEvents(client, {
      address: client.addressBook.contracts.disputes,
      abi: disputesAbi,
      eventName: 'ProofCommitted',
      fromBlock,
    })
    return event?.blockNumber
  })
}

async function closed(jobId: Hex): Promise<string> {
  return found(async () => {
    const { status } = await getJob(net.client('third'), { jobId })
    return ['settled', 'convicted', 'refunded'].includes(status)
      ? status
      : undefined
  })
}

async function found<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let left = 600; left > 0; left--) {
    const value = await look()
    if (value !== undefined) return value
    await sleep(200)
  }
  throw new Error('it did not happen in two minutes')
}
