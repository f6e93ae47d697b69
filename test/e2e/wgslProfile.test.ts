import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  classCodes,
  type Interval,
  judgedManifest,
  judgeElement,
  type ProfileName,
  profiles,
} from '@lynode/sdk'
import { Devnet, type Oracle } from 'lynode/devnet'
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Scenario, tanhScenario } from '../../sdk/src/vectors/scenarios.js'
import { graphicsMissing } from './support/graphicsDevice.js'
import { HostileProvider } from './support/hostileProvider.js'
import { sampleNone } from './support/sampleNone.js'
import { orderOn, verdictOn } from './support/sellOnce.js'
import { startWithOracle } from './support/startWithOracle.js'
import { untilStatus } from './support/untilStatus.js'

// A model of numeric profile f32-wgsl, from its publication to a settled job of a
// provider that computes on WebGPU, and to a conviction.

const folder = mkdtempSync(join(tmpdir(), 'lynode-e2e-'))
const missing = await graphicsMissing()
if (missing !== undefined)
  process.stderr.write(
    `no device for WebGPU, the provider takes the processor: ${missing}\n`,
  )
const executionProvider = missing === undefined ? 'webgpu' : 'cpu'
const net = new Devnet({
  folder,
  oracle: false,
  // The honest provider leaves what pays less to the cheat.
  minPrice: '2',
  providerSettings: { executionProviders: [executionProvider] },
})
let oracle: Oracle | undefined

beforeAll(async () => {
  oracle = await startWithOracle(net, sampleNone)
}, 300_000)

afterAll(async () => {
  await oracle?.stop()
  await net.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The element of Tanh that is judged and forged. */
const element = 5

test('default: the machine passes the self-test, runs the model and is paid', async () => {
  const report = entryOf('machine.conforms')
  expect(report).toMatchObject({
    executionProvider,
    profile: missing === undefined ? 'f32-wgsl' : 'f32-plain',
    faults: [],
  })
  const { order, jobId } = await orderOn(net, tanhScenario('f32-wgsl'))
  expect(order.class).toBe(classCodes.float)
  const requester = net.client('requester')
  await untilStatus(requester, jobId, 'delivered', 120_000)
  // The verifier computes on the processor, which gives other bits.
  const { verdict } = await verdictOn(net, jobId)
  expect(verdict).toBe(missing === undefined ? 'tolerated' : 'ok')
  await untilStatus(requester, jobId, 'settled', 120_000)
}, 300_000)

test.skipIf(missing !== undefined)(
  'error: a machine on WebGPU leaves a model of the plain profile alone',
  async () => {
    const { jobId } = await orderOn(net, tanhScenario('f32-plain'))
    await expect
      .poll(() => entryOf('job.skipped', jobId)?.['reason'], {
        timeout: 60_000,
      })
      .toContain('LY-MODEL-006')
  },
  120_000,
)

test('error: an error that WebGPU may not make is convicted by the contract', async () => {
  const { high } = honestSet('f32-wgsl')
  const { status, verdict } = await sold(forged(high + 1n))
  expect([status, verdict]).toEqual(['convicted', 'fraud'])
}, 120_000)

test('behavior: an error that WebGPU may make is tolerated, though a processor does not make it', async () => {
  const { high } = honestSet('f32-wgsl')
  expect(high).toBeGreaterThan(honestSet('f32-plain').high)
  const { status, verdict } = await sold(forged(high))
  expect([status, verdict]).toEqual(['settled', 'tolerated'])
}, 120_000)

/** What an honest machine can have produced for the element, by a profile. */
function honestSet(profile: ProfileName): Interval {
  const { manifest, committed } = tanhScenario(profile)
  const judged = judgedManifest(manifest)
  expect(judged.profile).toBe(profiles[profile])
  const { honest } = judgeElement({
    manifest: judged,
    node: 1,
    output: 0,
    element,
    read: (value, offset, length) =>
      committed(0, value).subarray(offset, offset + length),
  })
  expect(honest.kind).toBe('float')
  return honest
}

/** The scenario with the element at a key. */
function forged(key: bigint): Scenario {
  const bits = key < 0n ? (1n << 31n) - key : key
  const view = new Float32Array(Uint32Array.of(Number(bits)).buffer)
  return tanhScenario('f32-wgsl', (_, name, values) => {
    if (name === 'y') values[element] = view[0] ?? 0
  })
}

/** Sold by a provider that serves and answers all that it committed to. */
async function sold(scenario: Scenario) {
  const hostile = await HostileProvider.enrol(net, {
    serves: 'everything',
    answers: 'what it committed to',
  })
  const { order, jobId, signature } = await orderOn(net, scenario, {
    maxPrice: parseEther('1'),
    minPrice: 0n,
  })
  const status = await hostile.sell(scenario, order, signature, jobId)
  const { verdict } = await verdictOn(net, jobId)
  return { status, verdict }
}

/** The first line of the provider's log with an event. */
function entryOf(
  event: string,
  jobId?: string,
): Record<string, unknown> | undefined {
  return readFileSync(join(net.folder, 'provider', 'log.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes(`"${event}"`))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .find((entry) => jobId === undefined || entry['jobId'] === jobId)
}
