import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  approveToken,
  type DemandRequest,
  demand,
  demandKinds,
  deposit,
  getJob,
  getProvider,
  type Hex,
  type JobStatus,
  proveEntry,
} from '@lynode/sdk'
import { buildStep, Devnet } from 'lynode/devnet'
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mlpScenario } from '../../sdk/src/vectors/scenarios.js'
import { HostileProvider } from './support/hostileProvider.js'
import { orderOn, sellOnce } from './support/sellOnce.js'
import { untilStatus } from './support/untilStatus.js'
import { killDaemon, whileClockStands } from './support/whileClockStands.js'

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

// A3, A5: no number of demands convicts an honest provider.
test('behavior: an honest provider answers whatever is demanded, and is paid', async () => {
  const honest = mlpScenario()
  const { order, jobId } = await orderOn(net, honest)
  await until(jobId, 'delivered')
  const asker = net.client('third')
  const { lynToken: token, ledger } = asker.addressBook.contracts
  const amount = parseEther('1000')
  await approveToken(asker, { token, spender: ledger, amount })
  await deposit.sync(asker, { token, to: asker.account.address, amount })
  const { header: model } = honest.manifest
  const ask = (request: DemandRequest) =>
    demand.sync(asker, {
      order,
      model,
      request,
      ...(request.kind === demandKinds.chunk
        ? proveEntry(honest.manifest, request.value)
        : {}),
    })
  const whole = { step: 0, value: 0, chunk: 0, count: 0 }
  await ask({ kind: demandKinds.trace, ...whole })
  await ask({ kind: demandKinds.output, ...whole })
  const chunksOf = (kind: string, count: number): DemandRequest => ({
    kind: demandKinds.chunk,
    step: 0,
    value: honest.manifest.values.findIndex((value) => value.kind === kind),
    chunk: 0,
    count,
  })
  await ask(chunksOf('input', 1))
  await expect
    .poll(() => answered('provider'), { timeout: 20_000 })
    .toBeGreaterThanOrEqual(3)
  await ask(chunksOf('activation', 2))
  await ask(chunksOf('output', 1))
  await until(jobId, 'settled')
  expect(answered('provider')).toBe(5)
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
  await whileClockStands(net, async () => {
    await killDaemon(daemon)
    await net.startDaemon({
      name: role,
      role,
      account: role,
      port: Number(new URL(daemon.endpoint).port),
      minPrice,
    })
  })
}

function until(jobId: Hex, status: JobStatus): Promise<void> {
  return untilStatus(net.client('requester'), jobId, status, 40_000)
}

function answered(name: string): number {
  return logOf(name).split('"demand.answered"').length - 1
}

function logOf(name: string): string {
  return readFileSync(join(net.folder, name, 'log.jsonl'), 'utf8')
}
