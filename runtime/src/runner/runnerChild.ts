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
  events: RunnerChildEvents
}

/** What one request may use; above it the child is killed. */
export type RunnerLimits = {
  /** Resident memory of the process. */
  memoryBytes: number
  /** Time of the request. */
  deadlineMs: number
}

/** An answer of the child, whatever it says. */
export type RunnerAnswer = Extract<RunnerReply, { id: number }>

export type RunnerChildEvents = {
  /** It begins with a request. */
  begun: (id: number) => void
  /** It has met a request. */
  answered: (answer: RunnerAnswer) => void
  /**
   * It has ended: nothing is known of what it was sent and has not answered.
   * `LY-RUNNER-002`, `LY-RUNNER-003` when it was killed at a limit,
   * `LY-RUNNER-004` when it died.
   */
  exited: (error: LynodeError) => void
}

/** A request with what it may use. */
export type LimitedCall = RunnerCall & { limits: RunnerLimits }

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
  readonly #events: RunnerChildEvents
  /** What it was sent and has not answered, in the order in which it begins. */
  readonly #calls = new Map<number, RunnerLimits>()
  /** One for each request that it has begun, and for the first that it has not. */
  readonly #deadlines = new Map<number, NodeJS.Timeout>()
  #watch: NodeJS.Timeout | undefined
  #seenBytes = 0
  /** Why it is being killed; `exit` passes it on. */
  #killedFor: LynodeError | undefined
  #ended = false

  private constructor(
    process: ChildProcess,
    folder: string,
    events: RunnerChildEvents,
  ) {
    this.#process = process
    this.#folder = folder
    this.#events = events
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
    const started = new RunnerChild(child, folder, options.events)
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
        } else if ('begun' in reply) started.#begun(reply.begun)
        else started.#answered(reply)
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

  /** The same, as last seen while it worked. */
  get seenBytes(): number {
    return this.#seenBytes
  }

  /**
   * Has it meet requests, one after the other, behind those that it was sent
   * before. One that breaks a limit ends the process: the time is that from its
   * begin to its answer, the memory is that of the process.
   */
  send(calls: readonly LimitedCall[]): void {
    for (const { id, limits } of calls) this.#calls.set(id, limits)
    this.#watch ??= setInterval(() => this.#look(), watchMs)
    this.#startDeadline()
    const batch: RunnerBatch = {
      calls: calls.map(({ id, request }) => ({ id, request })),
    }
    this.#process.send(batch, (error) => {
      if (error !== null)
        this.#kill('LY-RUNNER-004', `the runner died: ${error.message}`)
    })
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

  #begun(id: number): void {
    if (!this.#calls.has(id)) return
    this.#setDeadline(id)
    this.#events.begun(id)
  }

  #answered(answer: RunnerAnswer): void {
    if (!this.#calls.delete(answer.id)) return
    clearTimeout(this.#deadlines.get(answer.id))
    this.#deadlines.delete(answer.id)
    if (this.#calls.size === 0) this.#stopWatching()
    else this.#startDeadline()
    this.#events.answered(answer)
  }

  /** A child that does not even begin is late too. */
  #startDeadline(): void {
    const [first] = this.#calls.keys()
    if (this.#deadlines.size === 0 && first !== undefined)
      this.#setDeadline(first)
  }

  #setDeadline(id: number): void {
    const { deadlineMs = 0 } = this.#calls.get(id) ?? {}
    clearTimeout(this.#deadlines.get(id))
    const late = () =>
      this.#kill('LY-RUNNER-002', `the run took longer than ${deadlineMs} ms`)
    this.#deadlines.set(id, setTimeout(late, deadlineMs))
  }

  async #look(): Promise<void> {
    const bytes = (await this.residentBytes().catch(ignored)) ?? 0
    this.#seenBytes = bytes
    const limits = [...this.#calls.values()]
    const most = Math.min(...limits.map(({ memoryBytes }) => memoryBytes))
    if (bytes > most)
      this.#kill(
        'LY-RUNNER-003',
        `the run used ${bytes} bytes of memory, more than ${most}`,
      )
  }

  #stopWatching(): void {
    clearInterval(this.#watch)
    this.#watch = undefined
    for (const deadline of this.#deadlines.values()) clearTimeout(deadline)
    this.#deadlines.clear()
  }

  #kill(code: ErrorCode, message: string): void {
    this.#killedFor ??= runnerError(code, message)
    this.#process.kill('SIGKILL')
  }

  #exited(how: string): void {
    this.#ended = true
    this.#stopWatching()
    this.#events.exited(
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
