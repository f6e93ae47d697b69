import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, statfs } from 'node:fs/promises'
import { freemem, totalmem } from 'node:os'
import type { DaemonConfig } from '@lynode/runtime'
import { cpuClass } from '../init/cpuClass.js'
import { type Check, fail, pass, warn } from './finding.js'
import { runnerChecks } from './runnerChecks.js'

/** The oldest Node.js that the packages are tested with. */
const leastNode = [20, 20] as const

/** A killed child that lives on for longer would outlive its job. */
const killMs = 2_000

/** What this machine is and can. */
export function machineChecks(
  config: Pick<
    DaemonConfig,
    'dataDir' | 'memoryMiB' | 'threads' | 'executionProviders'
  >,
): Check[] {
  return [
    {
      name: 'node',
      async run() {
        const [major = 0, minor = 0] = process.versions.node
          .split('.')
          .map(Number)
        const old =
          major < leastNode[0] ||
          (major === leastNode[0] && minor < leastNode[1])
        return [
          old
            ? fail('LY-CHK-001', `Node.js ${process.version}`)
            : pass(`Node.js ${process.version}`),
        ]
      },
    },
    {
      name: 'processor',
      async run() {
        const { text, level } = cpuClass()
        return [level === 'plain' ? warn('LY-CHK-002', text) : pass(text)]
      },
    },
    ...runnerChecks(config),
    { name: 'kill', run: async () => [await killed()] },
    {
      name: 'memory',
      async run() {
        const needed = config.memoryMiB * 2 ** 20
        const text = `${gib(freemem())} of ${gib(totalmem())} GiB free, a run may take ${gib(needed)}`
        if (needed > totalmem()) return [fail('LY-CHK-004', text)]
        return [needed > freemem() ? warn('LY-CHK-004', text) : pass(text)]
      },
    },
    {
      name: 'disk',
      async run() {
        await mkdir(config.dataDir, { recursive: true })
        const { bavail, bsize } = await statfs(config.dataDir)
        const free = bavail * bsize
        // The largest model that is taken, and the trace of a run of it.
        const model = config.memoryMiB * 2 ** 18
        const text = `${gib(free)} GiB free in ${config.dataDir}, the largest model that is taken has ${gib(model)}`
        if (free < model) return [fail('LY-CHK-005', text)]
        return [free < 4 * model ? warn('LY-CHK-005', text) : pass(text)]
      },
    },
  ]
}

/** Kills a child that ignores every other signal, as a model's process must be killed. */
async function killed() {
  const child = spawn(
    process.execPath,
    [
      '--eval',
      "process.on('SIGTERM', () => undefined); console.log('up'); for (;;);",
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const exited = once(child, 'exit')
  await Promise.race([once(child.stdout, 'data'), exited])
  const start = performance.now()
  child.kill('SIGKILL')
  await Promise.race([
    exited,
    new Promise((resolve) => setTimeout(resolve, killMs).unref()),
  ])
  return child.signalCode === 'SIGKILL'
    ? pass(
        `a busy child process ends ${Math.round(performance.now() - start)} ms after it is killed`,
      )
    : fail('LY-CHK-006', `a busy child process lives on after ${killMs} ms`)
}

function gib(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1)
}
