import { availableParallelism, totalmem } from 'node:os'
import { measureFlops } from '@lynode/node'
import { Runner, type SelfTestReport, selfTest } from '@lynode/runtime'
import type { Machine } from './proposeSettings.js'

/** Runs the benchmark and the conformance self-test in the runner's process. */
export async function measureMachine(): Promise<{
  machine: Machine
  conformance: SelfTestReport
}> {
  const cores = availableParallelism()
  const runner = new Runner({ threads: Math.max(1, cores - 1) })
  try {
    const flops = await measureFlops(runner)
    return {
      machine: { cores, memoryBytes: totalmem(), flops },
      conformance: await selfTest({ runner }),
    }
  } finally {
    await runner.close()
  }
}
