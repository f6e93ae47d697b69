import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Milliseconds of a step in PyTorch on the CPU, by model. */
export type PytorchMeasurement = { version: string } & Record<
  'mlp' | 'convNet' | 'transformer',
  number
>

const program = fileURLToPath(
  new URL('../../src/train/pytorch.py', import.meta.url),
)

/** The same models in PyTorch; `undefined` where this Python does not have it. */
export function measurePytorch(
  python: string,
  options: { threads: number; steps: number; rounds: number },
): PytorchMeasurement | undefined {
  const { threads, steps, rounds } = options
  const there = spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' })
  if (there.status !== 0) return undefined
  const run = spawnSync(
    python,
    [program, ...[threads, steps, rounds].map(String)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  )
  if (run.status !== 0) throw new Error(`${python} ended with ${run.status}`)
  return JSON.parse(run.stdout) as PytorchMeasurement
}
