import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getJob, getProvider, type Hex } from '@lynode/sdk'
import { buildStep, Devnet } from 'lynode/devnet'
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mlpScenario } from '../../sdk/src/vectors/scenarios.js'
import { HostileProvider } from './support/hostileProvider.js'
import { orderOn, sellOnce } from './support/sellOnce.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-e2e-'))
const net = new Devnet({ folder })

beforeAll(async () => {
  for (const step of [buildStep(), ...net.steps()])
    await step.run(() => undefined)
}, 240_000)

afterAll(async () => {
  await net.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('behavior: a provider that is killed in the middle delivers after its restart', async () => {
  const honest = mlpScenario()
  const { jobId } = await orderOn(net, honest, { deliverDuration: 30 })
  await until(jobId, 'locked')
  await restart('provider')
  await until(jobId, 'settled')
  const { resultRoot } = await getJob(net.client('requester'), { jobId })
  expect(resultRoot).toBe(honest.roots(0).resultRoot)
  const { stake } = await getProvider(net.client('requester'), {
    providerId: net.providerId,
  })
  expect(stake).toBe(parseEther('100000'))
})

test('behavior: a verifier that is killed in the middle convicts after its restart', async () => {
  // The honest provider asks for more than anybody pays.
  await restart('provider', '1000000')
  const hostile = await HostileProvider.enrol(net, {
    serves: 'everything',
    answers: 'what it committed to',
  })
  const wrong = mlpScenario((_, name, values) => {
    if (name === 'h') values[307] = 9
  })
  const sold = sellOnce(net, hostile, wrong)
  await expect
    .poll(() => logOf('verifier').includes('"demand.made"'), {
      timeout: 30_000,
    })
    .toBe(true)
  await restart('verifier')
  const { status, verdict } = await sold
  expect(status).toBe('convicted')
  expect(verdict).toMatchObject({ verdict: 'fraud', element: 307 })
})

/** Kills a daemon without a warning and starts it again on its own data. */
async function restart(
  role: 'provider' | 'verifier',
  minPrice?: string,
): Promise<void> {
  const daemon = net.daemons.filter((one) => one.role === role).at(-1)
  if (daemon === undefined) throw new Error(`no ${role}`)
  const exited = once(daemon.process, 'exit')
  daemon.process.kill('SIGKILL')
  await exited
  await net.startDaemon({
    name: role,
    role,
    account: role,
    port: Number(new URL(daemon.endpoint).port),
    minPrice,
  })
}

async function until(jobId: Hex, status: string): Promise<void> {
  await expect
    .poll(
      async () => (await getJob(net.client('requester'), { jobId })).status,
      { timeout: 40_000, interval: 100 },
    )
    .toBe(status)
}

function logOf(name: string): string {
  return readFileSync(join(net.folder, name, 'log.jsonl'), 'utf8')
}
