import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  classCodes,
  type Interval,
  judgedManifest,
  judgeElement,
} from '@lynode/sdk'
import { Devnet, type Oracle } from 'lynode/devnet'
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { blocksScenario } from '../../sdk/src/vectors/scenarios.js'
import { HostileProvider } from './support/hostileProvider.js'
import { sampleNone } from './support/sampleNone.js'
import { orderOn, verdictOn } from './support/sellOnce.js'
import { startWithOracle } from './support/startWithOracle.js'
import { untilStatus } from './support/untilStatus.js'

// A model of numeric profile f32-blocked, from its publication to a conviction
// that the plain profile does not give.

const folder = mkdtempSync(join(tmpdir(), 'lynode-e2e-'))
// The honest provider leaves what pays less to the cheat.
const net = new Devnet({ folder, oracle: false, minPrice: '2' })
let oracle: Oracle | undefined

beforeAll(async () => {
  oracle = await startWithOracle(net, sampleNone)
}, 240_000)

afterAll(async () => {
  await oracle?.stop()
  await net.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The element that is judged and forged. */
const element = 5

test('default: a provider whose kernels keep the blocks runs the model, and is right', async () => {
  const { order, jobId } = await orderOn(net, blocksScenario('weight'))
  expect(order.class).toBe(classCodes.float)
  // The first model of the profile: the machine measures its kernels before.
  await untilStatus(net.client('requester'), jobId, 'delivered', 120_000)
  expect(await verdictOn(net, jobId)).toMatchObject({ verdict: 'ok' })
}, 180_000)

test('error: an error that the plain profile allows is convicted', async () => {
  const plain = honestSet('f32-plain')
  const blocked = honestSet('f32-blocked')
  expect(plain.high).toBeGreaterThan(blocked.high)
  // Keys of positive numbers are their bits.
  expect(blocked.high).toBeGreaterThan(0n)
  const forged = new Float32Array(
    Uint32Array.of(Number((plain.high + blocked.high) / 2n)).buffer,
  )[0]
  const cheat = blocksScenario('weight', (_, name, values) => {
    if (name === 'y') values[element] = forged ?? 0
  })
  const hostile = await HostileProvider.enrol(net, {
    serves: 'everything',
    answers: 'what it committed to',
  })
  const { order, jobId, signature } = await orderOn(net, cheat, {
    maxPrice: parseEther('1'),
    minPrice: 0n,
  })
  expect(await hostile.sell(cheat, order, signature, jobId)).toBe('convicted')
  expect(await verdictOn(net, jobId)).toMatchObject({ verdict: 'fraud' })
}, 120_000)

/** What an honest machine can have produced for the element, by a profile. */
function honestSet(profile: 'f32-plain' | 'f32-blocked'): Interval {
  const { manifest, committed } = blocksScenario('weight')
  const judged = judgedManifest(manifest)
  const { honest } = judgeElement({
    manifest: { ...judged, profile: profile === 'f32-plain' ? 1 : 2 },
    node: 0,
    output: 0,
    element,
    read: (value, offset, length) =>
      committed(0, value).subarray(offset, offset + length),
  })
  return honest
}
