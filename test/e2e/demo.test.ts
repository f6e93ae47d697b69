import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const workspace = fileURLToPath(new URL('../..', import.meta.url))

test('default: honest work is paid, a cheat convicted, a silent provider replaced', {
  timeout: 240_000,
}, async () => {
  const child = spawn('npm', ['run', '-s', 'demo', '--', '--json'], {
    cwd: workspace,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [report, [status]] = await Promise.all([
    json(child.stdout),
    once(child, 'exit'),
  ])
  const { providers } = report as {
    providers: { honest: number; cheating: number; silent: number }
  }
  expect(report).toMatchObject({
    text: 'LYNODE 2026',
    class: 'float',
    jobs: [
      { outcome: 'settled', provider: providers.honest },
      { outcome: 'convicted', provider: providers.cheating },
      { outcome: 'settled', provider: providers.honest },
    ],
    fraud: { operator: 'Conv' },
  })
  expect(status).toBe(0)
  const { jobs, slashes, fraud } = report as {
    jobs: { gas: Record<string, number> }[]
    slashes: { provider: number; amount: string; paid: string }[]
    fraud: Record<
      'claimed' | 'low' | 'high' | 'proofGas' | 'proofBytes',
      number
    >
  }
  for (const step of ['announce', 'lock', 'deliver', 'settle'])
    expect(jobs[0]?.gas[step]).toBeGreaterThan(20_000)
  expect(jobs[2]?.gas).toHaveProperty('expireLock')
  expect(slashes.map(({ provider }) => provider).sort()).toEqual(
    [providers.cheating, providers.silent].sort(),
  )
  // D1: what is paid out is at most 0.4 of what is slashed.
  for (const { amount, paid } of slashes)
    expect(BigInt(paid) * 10n).toBeLessThanOrEqual(BigInt(amount) * 4n)
  expect(fraud.low).toBeLessThanOrEqual(fraud.high)
  expect(fraud.claimed < fraud.low || fraud.claimed > fraud.high).toBe(true)
  // A9: one transaction of at most 100 kB and 12M gas.
  expect(fraud.proofBytes).toBeLessThan(100_000)
  expect(fraud.proofGas).toBeLessThan(12_000_000)
})
