import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LynodeError } from '@lynode/sdk'
import { limitChild, type ProverLimits } from './limitChild.js'

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

/** What became of a task. */
export type EngineAnswer = {
  /** For `verify` whether the proof holds; `true` otherwise. */
  holds: boolean
  /** Most memory that the process was seen with. */
  peakBytes: number
}

/** What the process says; `numbers` when the circuit has none like these. */
type Reply = { result: boolean } | { error: string; numbers: boolean }

const entry = fileURLToPath(new URL('./engineProcess.js', import.meta.url))

/**
 * Performs one task of ezkl's engine in a process of its own, with an empty
 * environment, and kills it at its deadline or memory limit.
 *
 * @throws LynodeError `LY-ZK-008` when a witness cannot have these numbers;
 * `LY-ZK-013` when the process failed or was killed.
 */
export async function engineTask(
  task: EngineTask,
  limits: ProverLimits = {},
): Promise<EngineAnswer> {
  const folder = await mkdtemp(join(tmpdir(), 'lynode-zk-'))
  const child = fork(entry, [], {
    cwd: folder,
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const watched = limitChild(child, limits)
  try {
    return await new Promise<EngineAnswer>((resolve, reject) => {
      const fail = (details: string) =>
        reject(new LynodeError('LY-ZK-013', { details }))
      child.on('message', (reply: Reply) => {
        if ('result' in reply)
          resolve({ holds: reply.result, peakBytes: watched.peakBytes() })
        else if (reply.numbers)
          reject(new LynodeError('LY-ZK-008', { details: reply.error }))
        else fail(reply.error)
      })
      // A child that was killed before it could read: the pipe breaks first.
      child.on('error', ({ message }) => fail(watched.why() ?? message))
      child.once('exit', (code, by) =>
        fail(
          watched.why() ?? `the engine died (${by ?? `exit status ${code}`})`,
        ),
      )
      child.send(task)
    })
  } finally {
    watched.release()
    await rm(folder, { recursive: true, force: true })
  }
}
