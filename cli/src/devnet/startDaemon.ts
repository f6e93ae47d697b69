import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { LynodeError } from '@lynode/sdk'
import type { Hex } from 'viem'
import { z } from 'zod'
import { stopProcess } from './stopProcess.js'

export type StartDaemonOptions = {
  role: 'provider' | 'verifier'
  /** Program to run instead of the role's own: `script/` has cheats. */
  program?: string | undefined
  /** Configuration file. */
  config: string
  /** Hot key; handed over in the environment, never on the command line. */
  key: Hex
  /** File that receives its logs, JSON lines. */
  logFile: string
  /** Called with each line of its log. */
  onLog?: ((entry: Record<string, unknown>) => void) | undefined
}

/** A daemon in a process of its own. */
export type DaemonProcess = {
  role: 'provider' | 'verifier'
  /** Base URL of its data server. */
  endpoint: string
  process: ChildProcess
  stop(): Promise<void>
}

const ready = z.object({ event: z.literal('ready'), endpoint: z.string() })

/**
 * Starts a provider or a verifier as a real process and waits until it is
 * ready.
 *
 * @throws LynodeError `LY-NET-003` with its last log lines when it ends before.
 */
export async function startDaemon(
  options: StartDaemonOptions,
): Promise<DaemonProcess> {
  const { role, config, key, logFile, onLog } = options
  const program =
    options.program ??
    fileURLToPath(new URL('./main.js', import.meta.resolve(packages[role])))
  const child = spawn(process.execPath, [program, '--config', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LYNODE_HOT_KEY: key },
  })
  const lines: string[] = []
  const file = createWriteStream(logFile, { flags: 'a' })
  createInterface({ input: child.stderr }).on('line', (line) => {
    file.write(`${line}\n`)
    lines.push(line)
    if (lines.length > 5) lines.shift()
    const entry = parse(line)
    if (entry !== undefined) onLog?.(entry)
  })
  child.once('close', () => file.end())
  const endpoint = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = ready.safeParse(parse(line))
      if (message.success) resolve(message.data.endpoint)
    })
    const failed = (reason: string) =>
      reject(
        new LynodeError('LY-NET-003', {
          details: `the ${role} ${reason}\n${lines.join('\n')}`,
        }),
      )
    child.once('error', (error) => failed(`did not start: ${error.message}`))
    child.once('close', (code, signal) =>
      failed(`ended with ${signal ?? `status ${code}`}`),
    )
  })
  return { role, endpoint, process: child, stop: () => stopProcess(child) }
}

const packages = { provider: '@lynode/node', verifier: '@lynode/verifier' }

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    // Not a line of the log: a warning of node itself, for one.
    return undefined
  }
}
