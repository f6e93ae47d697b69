import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { parseOnnx } from '@lynode/sdk'
import { expect, test } from 'vitest'

const workspace = fileURLToPath(new URL('../..', import.meta.url))

test('default: a training goes over three providers; the one that cheats in one step is convicted', {
  timeout: 240_000,
}, async () => {
  const out = mkdtempSync(join(tmpdir(), 'lynode-train-e2e-'))
  const child = spawn(
    'npm',
    ['run', '-s', 'demo:train', '--', '--json', '--out', out],
    { cwd: workspace, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [report, [status]] = await Promise.all([
    json(child.stdout),
    once(child, 'exit'),
  ])
  expect(report).toMatchObject({
    steps: 384,
    samples: 600,
    // The middle of the first segment of the second milestone.
    fraud: { operator: 'MatMul', step: 22 },
  })
  expect(status).toBe(0)
  const { accuracy, providers, convicted, fraud, ...files } = report as {
    accuracy: number
    providers: number[]
    curve: string
    model: string
    checkpoint: string
    convicted: number[]
    fraud: { providerId: number; claimed: number; low: number; high: number }
  }
  expect(accuracy).toBeGreaterThan(0.88)
  // The cheat was paid for nothing.
  expect(providers).toHaveLength(3)
  expect(providers).not.toContain(fraud.providerId)
  expect(convicted).toEqual([fraud.providerId])
  expect(fraud.claimed < fraud.low || fraud.claimed > fraud.high).toBe(true)
  expect(readFileSync(files.curve, 'utf8')).toContain('step 384')
  expect(existsSync(files.checkpoint)).toBe(true)
  expect(
    parseOnnx(new Uint8Array(readFileSync(files.model))).weights.has(
      'fc1.weight',
    ),
  ).toBe(true)
  rmSync(out, { recursive: true, force: true })
})
