import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LynodeError } from '@lynode/sdk'
import { residentBytes } from '../runner/residentBytes.js'

/** Work of ezkl's engine; all fields are paths of files. */
export type EngineTask =
  | { kind: 'witness'; circuit: string; input: string; witness: string }
  | { kind: 'key'; circuit: string; srs: string; key: string }
  | {
      kind: 'provingKey'
      circuit: string
      srs: string
      key: string
      provingKey: string
    }
  | {
      kind: 'prove'
      circuit: string
      srs: string
      provingKey: string
      witness: string
      proof: string
    }
  | {
      kind: 'verify'
      proof: string
      key: string
      settings: string
      srs: string
    }

export type EngineLimits = {
  /** Default 10 minutes. */
  deadlineMs?: number | undefined
  /** Resident memory. Default 6 GiB. */
  memoryBytes?: number | undefined
  signal?: AbortSignal | undefined
}

const entry = fileURLToPath(new URL('./engineProcess.js', import.meta.url))

const watchMs = 100

/**
 * Performs one task of ezkl's engine in a process of its own, with an empty
 * environment, and kills it at its deadline or memory limit.
 *
 * @returns For `verify` whether the proof holds; `true` otherwise.
 * @throws LynodeError `LY-ZK-013` when the process failed or was killed.
 */
export async function engineTask(
  task: EngineTask,
  limits: EngineLimits = {},
): Promise<boolean> {
  const { deadlineMs = 600_000, memoryBytes = 6 * 2 ** 30, signal } = limits
  const folder = await mkdtemp(join(tmpdir(), 'lynode-zk-'))
  const child = fork(entry, [], {
    cwd: folder,
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  let why: string | undefined
  const kill = (reason: string) => {
    why ??= reason
    child.kill('SIGKILL')
  }
  const deadline = setTimeout(
    () => kill(`it took longer than ${deadlineMs} ms`),
    deadlineMs,
  )
  const watch = setInterval(async () => {
    const bytes = child.pid === undefined ? 0 : await residentBytes(child.pid)
    if (bytes !== undefined && bytes > memoryBytes)
      kill(`it used ${bytes} bytes of memory, more than ${memoryBytes}`)
  }, watchMs)
  const aborted = () => kill('it was aborted')
  signal?.addEventListener('abort', aborted)
  if (signal?.aborted) aborted()
  try {
    return await new Promise<boolean>((resolve, reject) => {
      const fail = (details: string) =>
        reject(new LynodeError('LY-ZK-013', { details }))
      child.on('message', (reply: { result: boolean } | { error: string }) =>
        'error' in reply ? fail(reply.error) : resolve(reply.result),
      )
      child.once('error', ({ message }) => fail(message))
      child.once('exit', (code, by) =>
        fail(why ?? `the engine died (${by ?? `exit status ${code}`})`),
      )
      child.send(task)
    })
  } finally {
    clearTimeout(deadline)
    clearInterval(watch)
    signal?.removeEventListener('abort', aborted)
    await rm(folder, { recursive: true, force: true })
  }
}
