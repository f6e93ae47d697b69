import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildStep, Devnet } from 'lynode/devnet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { killEverywhere } from './support/killRounds.js'

// A few of the points; `kill/killEverywhere.test.ts` goes through all of them.
const folder = mkdtempSync(join(tmpdir(), 'lynode-e2e-'))
const net = new Devnet({ folder, minPrice: '1000000' })

beforeAll(async () => {
  for (const step of [buildStep(), ...net.steps()])
    await step.run(() => undefined)
}, 240_000)

afterAll(async () => {
  await net.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('behavior: a verifier that is killed around its proof convicts once', async () => {
  const only = /(outbox|send) proveFraud( live|, )/
  const { killed } = await killEverywhere({ net, role: 'verifier', only }, 1)
  expect(killed).toHaveLength(4)
}, 200_000)

test('behavior: a provider that is killed around its delivery delivers once', async () => {
  const only = /(outbox|send) deliver( live|, )|name blobs/
  const { killed } = await killEverywhere(
    { net, role: 'provider', only, minPrice: '0' },
    1,
  )
  expect(killed).toHaveLength(6)
}, 200_000)
