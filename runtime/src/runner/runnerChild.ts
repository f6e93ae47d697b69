import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ErrorCode, LynodeError } from '@lynode/sdk'
import type {
  RunnerBatch,
  RunnerCall,
  RunnerReply,
  RunnerSettings,
} from './messages.js'
import { residentBytes } from './residentBytes.js'

export type RunnerChildOptions = {
  /** Program of the child process; it must call `serveRunner`. */
  entry: string
  entryArguments: readonly string[]
  settings: RunnerSettings
  /** Heap of its JavaScript, in bytes. */
  heapBytes: number
}

/** What one request may use; above it the child is killed. */
export type RunnerLimits = {
  /** Resident memory of the process. */
  memoryBytes: number
  /** Time of the request. */
  deadlineMs: number
}

/** An answer of the child, whatever it says. */
export type RunnerAnswer = Exclude<RunnerReply, { ready: true }>

/** Milliseconds between two looks at the child's memory. */
const watchMs = 50

/**
 * One child process that runs models, and may be killed at any time: it has an
 * empty working directory of its own, no secrets in its environment, and is the
 * first that the system ends when memory is short.
 */
export class RunnerChild {
  readonly #process: ChildProcess
  readonly #folder: string
  /** Why it is being killed; `exit` passes it on. */
  #killedFor: LynodeError | undefined
  #onAnswer: (answer: RunnerAnswer) => void = () => undefined
  #onExit: (error: LynodeError) => void = () => undefined
  #ended = false

  private constructor(process: ChildProcess, folder: string) {
    this.#process = process
    this.#folder = folder
  }

  /** @throws LynodeError `LY-RUNNER-005` when it does not start. */
  static async start(options: RunnerChildOptions): Promise<RunnerChild> {
    const folder = await mkdtemp(join(tmpdir(), 'lynode-runner-'))
    const child = fork(
      options.entry,
      [JSON.stringify(options.settings), ...options.entryArguments],
      {
        cwd: folder,
        env: runnerEnvironment(),
        execArgv: [
          `--max-old-space-size=${Math.ceil(options.heapBytes / 2 ** 20)}`,
        ],
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      },
    )
    const started = new RunnerChild(child, folder)
    child.on('exit', (code, signal) =>
      started.#exited(signal ?? `exit status ${code}`),
    )
    return new Promise((resolve, reject) => {
      child.once('error', (cause) =>
        reject(runnerError('LY-RUNNER-005', `no runner: ${cause.message}`)),
      )
      child.once('exit', () =>
        reject(runnerError('LY-RUNNER-005', 'the runner did not start')),
      )
      child.on('message', (reply: RunnerReply) => {
        if ('ready' in reply) {
          preferToKill(child.pid)
          resolve(started)
        } else started.#onAnswer(reply)
      })
    })
  }

  /** Whether it has ended or is about to. */
  get ended(): boolean {
    return this.#ended || this.#killedFor !== undefined
  }

  /** Its resident memory; `undefined` when it has ended. */
  async residentBytes(): Promise<number | undefined> {
    const { pid } = this.#process
    return pid === undefined || this.#ended ? undefined : residentBytes(pid)
  }

  /**
   * Meets requests one after the other. The deadline is that of each; one that
   * breaks a limit ends the process.
   *
   * @param onAnswer - Called as soon as each is met, in any order.
   * @returns When all are met.
   * @throws LynodeError `LY-RUNNER-002`, `LY-RUNNER-003` when it was killed,
   * `LY-RUNNER-004` when it died: nothing of the unanswered ones is known.
   */
  async meet(
    calls: readonly RunnerCall[],
    limits: RunnerLimits,
    onAnswer: (answer: RunnerAnswer) => void,
  ): Promise<void> {
    const { memoryBytes, deadlineMs } = limits
    const waiting = new Set(calls.map(({ id }) => id))
    const late = () =>
      this.#kill('LY-RUNNER-002', `the run took longer than ${deadlineMs} ms`)
    let deadline = setTimeout(late, deadlineMs)
    const watch = setInterval(() => {
      this.residentBytes().then((bytes = 0) => {
        if (bytes > memoryBytes && waiting.size > 0)
          this.#kill(
            'LY-RUNNER-003',
            `the run used ${bytes} bytes of memory, more than ${memoryBytes}`,
          )
      }, ignored)
    }, watchMs)
    try {
      await new Promise<void>((resolve, reject) => {
        this.#onExit = reject
        this.#onAnswer = (answer) => {
          if (!waiting.delete(answer.id)) return
          clearTimeout(deadline)
          if (waiting.size > 0) deadline = setTimeout(late, deadlineMs)
          onAnswer(answer)
          if (waiting.size === 0) resolve()
        }
        const batch: RunnerBatch = { calls }
        this.#process.send(batch, (error) => {
          if (error !== null)
            reject(
              runnerError('LY-RUNNER-004', `the runner died: ${error.message}`),
            )
        })
      })
    } finally {
      clearTimeout(deadline)
      clearInterval(watch)
      this.#onExit = ignored
      this.#onAnswer = ignored
    }
  }

  /** Kills it and waits until it is gone. */
  async end(): Promise<void> {
    if (!this.#ended) {
      const exited = once(this.#process, 'exit')
      this.#process.kill('SIGKILL')
      await exited
    }
    await rm(this.#folder, { recursive: true, force: true })
  }

  #kill(code: ErrorCode, message: string): void {
    this.#killedFor ??= runnerError(code, message)
    this.#process.kill('SIGKILL')
  }

  #exited(how: string): void {
    this.#ended = true
    this.#onExit(
      this.#killedFor ??
        runnerError('LY-RUNNER-004', `the runner died (${how})`),
    )
    rm(this.#folder, { recursive: true, force: true }).catch(ignored) // a leftover in the temporary folder harms nobody
  }
}

export function runnerError(code: ErrorCode, message: string): LynodeError {
  return new LynodeError(code, { shortMessage: message })
}

function ignored(): void {}

/** When memory is short, Linux is to end the child that took it, not the daemon. */
function preferToKill(pid: number | undefined): void {
  if (process.platform === 'linux' && pid !== undefined)
    writeFile(`/proc/${pid}/oom_score_adj`, '1000').catch(ignored) // it ended, or /proc is hidden
}

/** What a runner may see of our environment: nothing that could be a secret. */
function runnerEnvironment(): NodeJS.ProcessEnv {
  const allowed = [
    'LANG',
    'LC_ALL',
    'TZ',
    'SystemRoot',
    'LD_LIBRARY_PATH',
    // Which graphics card, and whose driver.
    'CUDA_VISIBLE_DEVICES',
    'VK_ICD_FILENAMES',
    'XDG_RUNTIME_DIR',
  ]
  const environment: NodeJS.ProcessEnv = {
    // Profile 1 excludes TF32; the library reads this before it loads.
    NVIDIA_TF32_OVERRIDE: '0',
  }
  for (const name of allowed) {
    const value = process.env[name]
    if (value !== undefined) environment[name] = value
  }
  return environment
}
