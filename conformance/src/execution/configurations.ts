import { fileURLToPath } from 'node:url'
import { deviceMissing, Runner } from '@lynode/runtime'

/** Which kernels a run takes, as far as the runtime's settings decide it. */
export type Configuration = {
  provider: 'cpu' | 'webgpu'
  /** Optimisation level of ONNX Runtime. */
  level: 'disabled' | 'basic' | 'extended' | 'layout' | 'all'
  threads: number
}

/** How a provider computes by default, and every case is judged anyway. */
export const plain: Configuration = {
  provider: 'cpu',
  level: 'disabled',
  threads: 1,
}

/**
 * All levels on 1 and 2 threads, but for {@link plain}.
 */
export const onProcessor: readonly Configuration[] = [1, 2].flatMap((threads) =>
  (['disabled', 'basic', 'extended', 'layout', 'all'] as const)
    .filter((level) => level !== plain.level || threads !== plain.threads)
    .map((level) => ({ provider: 'cpu' as const, level, threads })),
)

/** On a graphics card, or what plays one. */
export const onGraphics: readonly Configuration[] = [
  { provider: 'webgpu', level: 'disabled', threads: 1 },
]

/** For tables. */
export function nameOf({ provider, level, threads }: Configuration): string {
  return `${provider}, ${level}, ${threads} thread${threads === 1 ? '' : 's'}`
}

const entry = fileURLToPath(new URL('../levelRunner.js', import.meta.url))

/** A runner of its own: the runtime dies on some cases, and takes its process along. */
export function openRunner({ provider, level, threads }: Configuration) {
  return new Runner({
    executionProvider: provider,
    threads,
    sessions: 1,
    deadlineMs: 120_000,
    memoryBytes: 3 * 2 ** 30,
    entry,
    entryArguments: [level],
  })
}

/** Why there is no WebGPU device; `undefined` where there is one. */
export async function webgpuMissing(): Promise<string | undefined> {
  const [configuration = plain] = onGraphics
  const runner = openRunner(configuration)
  try {
    return await deviceMissing(runner)
  } finally {
    await runner.close()
  }
}
