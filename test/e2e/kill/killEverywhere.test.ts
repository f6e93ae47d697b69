import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildStep, Devnet } from 'lynode/devnet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KillReport, killEverywhere } from '../support/killRounds.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-e2e-'))
const net = new Devnet({ folder, minPrice: '1000000' })
const reports: KillReport[] = []

beforeAll(async () => {
  for (const step of [buildStep(), ...net.steps()])
    await step.run(() => undefined)
}, 240_000)

afterAll(async () => {
  await net.stop()
  rmSync(folder, { recursive: true, force: true })
  const points = reports.reduce((sum, { killed }) => sum + killed.length, 0)
  process.stdout.write(`${JSON.stringify({ points, reports }, null, 2)}\n`)
})

test.each([
  ['verifier', undefined],
  ['provider', '0'],
] as const)(
  'behavior: a %s that is killed at every point loses nothing',
  async (role, minPrice) => {
    const report = await killEverywhere({ net, role, minPrice }, 20)
    reports.push(report)
    expect(report.killed.length).toBeGreaterThanOrEqual(30)
    expect(
      report.seen.filter((point) => !report.killed.includes(point)),
    ).toEqual([])
  },
  1_800_000,
)
