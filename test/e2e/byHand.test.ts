import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { approveToken, deposit, getJob, getProvider } from '@lynode/sdk'
import { buildStep, Devnet } from 'lynode/devnet'
import { createTestClient, http, parseEther } from 'viem'
import { getTxpoolStatus } from 'viem/actions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cheat, mlpScenario } from '../../sdk/src/vectors/scenarios.js'
import { lynode } from './lynode.js'
import { HostileProvider } from './support/hostileProvider.js'
import { orderOn } from './support/sellOnce.js'
import { untilStatus } from './support/untilStatus.js'

// One honest watcher is enough, and it may be a person: there is no verifier here.
const folder = mkdtempSync(join(tmpdir(), 'lynode-e2e-'))
// The honest provider asks for more than anybody pays.
const net = new Devnet({ folder, minPrice: '1000000' })

beforeAll(async () => {
  for (const step of [buildStep(), ...net.steps().slice(0, 4)])
    await step.run(() => undefined)
  await net.startClock()
  net.writeNetworkFile()
}, 240_000)

afterAll(async () => {
  await net.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Adds to one activation, and lets everything behind it follow. */
const lie: Cheat = (_, result, values) => {
  const before = values[307]
  if (result === 'h' && before !== undefined) values[307] = before + 1
}

const byHand = (jobId: string, ...more: string[]) =>
  lynode(folder, 'trace', 'verify', jobId, '--account', 'third', ...more)

test('error: a person with the command line alone convicts a cheat', async () => {
  const scenario = mlpScenario(lie)
  const cheat = await HostileProvider.enrol(net, {
    serves: 'everything',
    answers: 'what it committed to',
  })
  const stakeOf = async () =>
    (
      await getProvider(net.client('third'), {
        providerId: cheat.providerId,
      })
    ).stake
  const stake = await stakeOf()
  await giveBonds()
  const { order, jobId, signature } = await orderOn(net, scenario)
  const sold = cheat.sell(scenario, order, signature, jobId)
  await untilStatus(net.client('third'), jobId, 'delivered', 60_000)

  // The window must not close before a program has started, however busy the machine.
  await clock(0)
  const looked = await byHand(jobId)
  expect(looked).toMatchObject({ status: 1, document: { verdict: 'differs' } })
  const proving = byHand(jobId, '--prove', '--yes')
  await expect
    .poll(async () => (await getTxpoolStatus(chain())).pending, {
      timeout: 60_000,
    })
    .toBeGreaterThan(0)
  await clock(1)

  expect(await proving).toMatchObject({
    status: 1,
    document: {
      verdict: 'fraud',
      providerId: cheat.providerId,
      details: { operator: 'Gemm', element: 307 },
    },
  })
  expect(await sold).toBe('convicted')
  expect(await stakeOf()).toBeLessThan(stake)
})

test('behavior: what an honest provider delivered is called the same bits', async () => {
  const scenario = mlpScenario()
  const provider = await HostileProvider.enrol(net, {
    serves: 'everything',
    answers: 'what it committed to',
  })
  const { order, jobId, signature } = await orderOn(net, scenario)
  expect(await provider.sell(scenario, order, signature, jobId)).toBe('settled')
  expect(await byHand(jobId)).toMatchObject({
    status: 0,
    document: { verdict: 'ok' },
  })
  expect((await getJob(net.client('third'), { jobId })).status).toBe('settled')
})

function chain() {
  return createTestClient({ mode: 'anvil', transport: http(net.rpcUrl) })
}

/** Seconds between blocks, none with 0; each is a second of the chain. */
async function clock(interval: number): Promise<void> {
  await chain().setBlockTimestampInterval({ interval: 1 })
  await chain().setIntervalMining({ interval })
}

/** Free LYN of the person, which bonds come out of. */
async function giveBonds(): Promise<void> {
  const client = net.client('third')
  const { lynToken: token, ledger } = client.addressBook.contracts
  const amount = parseEther('1000')
  await approveToken(client, { token, spender: ledger, amount })
  await deposit.sync(client, { token, to: client.account.address, amount })
}
