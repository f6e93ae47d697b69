import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JobTable } from '@lynode/node'
import { type Database, openDatabase, openExisting } from '@lynode/runtime'
import { type Hex, makeOrder } from '@lynode/sdk'
import { buildStep, Devnet } from 'lynode/devnet'
import { median } from '../median.js'

export type RestartMeasurement = {
  pastJobs: number
  rounds: number
  /** Median seconds from the start of the process to `ready`. */
  seconds: number
}

/**
 * Restarts a provider that has done many jobs: from the start of the process to
 * the line that says that it is ready.
 */
export async function measureRestart(
  pastJobs: number,
  rounds: number,
): Promise<RestartMeasurement> {
  const folder = mkdtempSync(join(tmpdir(), 'lynode-bench-'))
  const net = new Devnet({ folder })
  try {
    for (const step of [buildStep(), ...net.steps()])
      await step.run(() => undefined)
    const started = net.daemons.find(({ role }) => role === 'provider')
    await started?.stop()
    const order = await makeOrder(net.client('requester'), {
      modelId: `0x${'22'.repeat(32)}`,
      class: 'float',
      inputRoot: `0x${'33'.repeat(32)}`,
      maxPrice: 10n ** 18n,
    })
    const database = reopen(join(net.folder, 'provider', 'state.sqlite'))
    const jobs = new JobTable(database)
    // The table makes its own transactions: 10,000 of them need no disk here.
    database.exec('PRAGMA synchronous = OFF')
    for (let i = 0; i < pastJobs; i++) {
      const jobId: Hex = `0x${(i + 1).toString(16).padStart(64, '0')}`
      jobs.add(jobId, order, `0x${'44'.repeat(65)}`)
      jobs.setResult(jobId, 0, jobId, {
        runtime: 'onnxruntime',
        executionProvider: 'cpu',
        threads: 1,
        mode: 'plain',
        cpu: 'bench',
      })
      jobs.setState(jobId, 'done')
    }
    database.close()
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const start = performance.now()
      const daemon = await net.startDaemon({
        name: 'provider',
        role: 'provider',
        account: 'provider',
      })
      times.push((performance.now() - start) / 1_000)
      await daemon.stop()
    }
    return { pastJobs, rounds, seconds: median(times) }
  } finally {
    await net.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The state of a daemon that has stopped, to write to. */
function reopen(path: string): Database {
  const before = openExisting(path)
  const { value } = before
    .prepare("SELECT value FROM meta WHERE name = 'identity'")
    .get() as { value: string }
  before.close()
  return openDatabase(path, value)
}
