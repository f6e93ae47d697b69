import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ErrorCode, LynodeError } from '@lynode/sdk'
import type {
  ByteSource,
  ExecuteResult,
  RunnerCall,
  RunnerInput,
  RunnerOutput,
  RunnerReply,
  RunnerRequest,
  RunnerResult,
  RunnerSettings,
  StepsRequest,
  StepsResult,
} from './messages.js'
import { residentBytes } from './residentBytes.js'

export type RunnerOptions = {
  /** Program of the child process; it must call `serveRunner`. */
  entry?: string | undefined
  /** Arguments of that program after the settings. */
  entryArguments?: readonly string[] | undefined
  /** Intra-op threads; part of the execution fingerprint (B7). Default 1. */
  threads?: number | undefined
  /** Sessions kept loaded. Default 4. */
  sessions?: number | undefined
  /** Resident memory above which the child is killed. Default 6 GiB. */
  memoryBytes?: number | undefined
  /** Time a request may take before the child is killed. Default 5 minutes. */
  deadlineMs?: number | undefined
  /** Called when a child had to be killed or died. */
  onRestart?: ((code: string) => void) | undefined
}

/** One run of a model; see `ExecuteRequest`. */
export type RunnerExecution = {
  model: ByteSource
  inputs: readonly RunnerInput[]
  outputs: readonly RunnerOutput[]
  /** Blob directory that receives the committed tensors. */
  spool: string
}

type Child = { process: ChildProcess; folder: string }

type Pending = {
  id: number
  resolve: (result: RunnerResult) => void
  reject: (error: LynodeError) => void
}

const defaultEntry = fileURLToPath(
  new URL('./runnerProcess.js', import.meta.url),
)

/** Milliseconds between two looks at the child's memory. */
const watchMs = 50

/**
 * Runs models in a child process that can be killed: `session.run` blocks its
 * event loop, and a model is untrusted input (DESIGN section 5). The child has
 * an empty working directory, no secrets in its environment, a memory limit and
 * a deadline for each request. One request runs at a time; a child that was
 * killed or died fails that request only and is started again for the next.
 *
 * @example
 * const runner = new Runner({ threads: 1 })
 * const { outputs } = await runner.run({ model: { path }, inputs, outputs, spool })
 * await runner.close()
 */
export class Runner {
  readonly #options: RunnerOptions
  #child: Promise<Child> | undefined
  #pending: Pending | undefined
  #queue: Promise<unknown> = Promise.resolve()
  #killedFor: LynodeError | undefined
  #closed = false
  #next = 1

  constructor(options: RunnerOptions = {}) {
    this.#options = options
  }

  /** Fast path: runs the canonical file, flushes the committed outputs to disk. */
  run(execution: RunnerExecution): Promise<ExecuteResult> {
    return this.#execute({ ...execution, durable: true, cache: true })
  }

  /** Fast path of a segment: steps that follow one another (B8). */
  async runSteps(request: Omit<StepsRequest, 'kind'>): Promise<StepsResult> {
    const result = await this.#enqueue({ kind: 'steps', ...request })
    if ('steps' in result) return result
    throw this.#failure('LY-RUNNER-001', 'the runner answered another request')
  }

  /**
   * Traced path: `outputs` names every activation and output of a file that
   * declares them. The tensors go to the spool, never through the channel.
   */
  trace(execution: RunnerExecution): Promise<ExecuteResult> {
    return this.#execute({ ...execution, durable: false, cache: true })
  }

  /** Runs a model of one node on given operands; the bytes come back. */
  runNode(execution: Omit<RunnerExecution, 'spool'>): Promise<ExecuteResult> {
    return this.#execute({ ...execution, durable: false, cache: false })
  }

  /** Runs the runtime's `basic` level and returns the file it writes. */
  async optimise(model: Uint8Array): Promise<Uint8Array> {
    const result = await this.#enqueue({ kind: 'optimise', model })
    if ('model' in result) return result.model
    throw this.#failure('LY-RUNNER-001', 'the runner answered another request')
  }

  /** Kills the child; requests that wait fail. */
  async close(): Promise<void> {
    this.#closed = true
    const child = await this.#child?.catch(() => undefined) // never started
    if (child === undefined) return
    const { exitCode, signalCode } = child.process
    if (exitCode === null && signalCode === null) {
      const exited = once(child.process, 'exit')
      child.process.kill('SIGKILL')
      await exited
    }
    await rm(child.folder, { recursive: true, force: true })
  }

  async #execute(
    execution: Omit<Extract<RunnerRequest, { kind: 'execute' }>, 'kind'>,
  ): Promise<ExecuteResult> {
    const result = await this.#enqueue({ kind: 'execute', ...execution })
    if ('outputs' in result) return result
    throw this.#failure('LY-RUNNER-001', 'the runner answered another request')
  }

  #enqueue(request: RunnerRequest): Promise<RunnerResult> {
    const result = this.#queue.then(() => this.#request(request))
    this.#queue = result.catch(() => undefined) // its caller handles the error
    return result
  }

  async #request(request: RunnerRequest): Promise<RunnerResult> {
    if (this.#closed)
      throw this.#failure('LY-RUNNER-006', 'the runner is closed')
    this.#child ??= this.#start()
    const child = await this.#child.catch((error: unknown) => {
      this.#child = undefined
      throw error
    })
    const id = this.#next++
    const call: RunnerCall = { id, request }
    const deadlineMs = this.#options.deadlineMs ?? 300_000
    const memoryBytes = this.#options.memoryBytes ?? 6 * 2 ** 30
    let ended = false
    const kill = (error: LynodeError) => {
      if (ended) return
      this.#killedFor ??= error // `exit` passes it on, so that no request meets a dying child
      child.process.kill('SIGKILL')
    }
    const deadline = setTimeout(
      () =>
        kill(
          this.#failure(
            'LY-RUNNER-002',
            `the run took longer than ${deadlineMs} ms`,
          ),
        ),
      deadlineMs,
    )
    const watch = async () => {
      while (!ended) {
        const { pid } = child.process
        const bytes = pid === undefined ? undefined : await residentBytes(pid)
        if (bytes !== undefined && bytes > memoryBytes)
          kill(
            this.#failure(
              'LY-RUNNER-003',
              `the run used ${bytes} bytes of memory, more than ${memoryBytes}`,
            ),
          )
        await new Promise((resolve) => setTimeout(resolve, watchMs))
      }
    }
    try {
      return await new Promise((resolve, reject) => {
        this.#pending = { id, resolve, reject }
        child.process.send(call, (error) => {
          if (error !== null)
            reject(
              this.#failure(
                'LY-RUNNER-004',
                `the runner died: ${error.message}`,
              ),
            )
        })
        watch().catch(reject)
      })
    } finally {
      ended = true
      this.#pending = undefined
      clearTimeout(deadline)
    }
  }

  async #start(): Promise<Child> {
    const folder = await mkdtemp(join(tmpdir(), 'lynode-runner-'))
    const settings: RunnerSettings = {
      threads: this.#options.threads ?? 1,
      sessions: this.#options.sessions ?? 4,
    }
    const memoryMiB = Math.ceil(
      (this.#options.memoryBytes ?? 6 * 2 ** 30) / 2 ** 20,
    )
    const child = fork(
      this.#options.entry ?? defaultEntry,
      [JSON.stringify(settings), ...(this.#options.entryArguments ?? [])],
      {
        cwd: folder,
        env: runnerEnvironment(),
        execArgv: [`--max-old-space-size=${memoryMiB}`],
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      },
    )
    child.on('exit', (code, signal) => {
      const error =
        this.#killedFor ??
        this.#failure(
          'LY-RUNNER-004',
          `the runner died (${signal ?? `exit status ${code}`})`,
        )
      this.#child = undefined
      this.#killedFor = undefined
      this.#pending?.reject(error)
      if (!this.#closed) this.#options.onRestart?.(error.code)
      rm(folder, { recursive: true, force: true }).catch(() => undefined) // a leftover in the temporary folder harms nobody
    })
    return new Promise((resolve, reject) => {
      child.once('error', (cause) =>
        reject(this.#failure('LY-RUNNER-005', `no runner: ${cause.message}`)),
      )
      child.once('exit', () =>
        reject(this.#failure('LY-RUNNER-005', 'the runner did not start')),
      )
      child.on('message', (reply: RunnerReply) => {
        if ('ready' in reply) resolve({ process: child, folder })
        else this.#answered(reply)
      })
    })
  }

  #answered(reply: Exclude<RunnerReply, { ready: true }>): void {
    if (this.#pending?.id !== reply.id) return
    if ('result' in reply) this.#pending.resolve(reply.result)
    else
      this.#pending.reject(
        this.#failure(
          'LY-RUNNER-001',
          `the model did not run: ${reply.error.message}`,
        ),
      )
  }

  #failure(code: ErrorCode, message: string): LynodeError {
    return new LynodeError(code, { shortMessage: message })
  }
}

/** What a runner may see of our environment: nothing that could be a secret. */
function runnerEnvironment(): NodeJS.ProcessEnv {
  const allowed = ['LANG', 'LC_ALL', 'TZ', 'SystemRoot', 'LD_LIBRARY_PATH']
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
