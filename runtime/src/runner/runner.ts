import { fileURLToPath } from 'node:url'
import type { LynodeError } from '@lynode/sdk'
import { flushBlobFiles } from '../blobs/blobFiles.js'
import type { ExecutionProvider } from './executionProvider.js'
import type {
  ByteSource,
  ExecuteResult,
  ExecutionMode,
  RunnerInput,
  RunnerOutput,
  RunnerRequest,
  RunnerResult,
  StepsRequest,
  StepsResult,
} from './messages.js'
import {
  type RunnerAnswer,
  RunnerChild,
  type RunnerLimits,
  runnerError,
} from './runnerChild.js'

export type RunnerOptions = {
  /** Program of the child process; it must call `serveRunner`. */
  entry?: string | undefined
  /** Arguments of that program after the settings. */
  entryArguments?: readonly string[] | undefined
  /** Part of the execution fingerprint (B7). Default `cpu`. */
  executionProvider?: ExecutionProvider | undefined
  /** Intra-op threads; part of the execution fingerprint (B7). Default 1. */
  threads?: number | undefined
  /** Child processes, each of which meets one request at a time. Default 1. */
  processes?: number | undefined
  /** Sessions kept loaded by each. Default 4. */
  sessions?: number | undefined
  /** Resident memory above which a child is killed. Default 6 GiB. */
  memoryBytes?: number | undefined
  /** Time a request may take before the child is killed. Default 5 minutes. */
  deadlineMs?: number | undefined
  /** Requests of one model that take less together share a batch. Default 250. */
  batchMs?: number | undefined
  /** Requests after which a child is replaced. Default 2,000. */
  recycleAfter?: number | undefined
  /** Called when a child had to be killed, died, or was recycled. */
  onRestart?: ((code: string) => void) | undefined
  /** Called with the number of requests of every batch. */
  onBatch?: ((requests: number) => void) | undefined
}

/** One run of a model; see `ExecuteRequest`. */
export type RunnerExecution = {
  model: ByteSource
  inputs: readonly RunnerInput[]
  outputs: readonly RunnerOutput[]
  /** Blob directory that receives the committed tensors. */
  spool: string
  /** Default `plain`. */
  mode?: ExecutionMode | undefined
  /** Tighter limits than the runner's own. */
  limits?: Partial<RunnerLimits> | undefined
}

type Waiting = {
  id: number
  request: RunnerRequest
  limits: RunnerLimits
  /** What may share a batch; `undefined` runs alone. */
  key: string | undefined
  resolve: (result: RunnerResult) => void
  reject: (error: LynodeError) => void
}

/** A place for one child process. */
type Slot = {
  child: Promise<RunnerChild> | undefined
  /** The same, once it has started. */
  started: RunnerChild | undefined
  /** Its child is being started or ended. */
  busy: boolean
  /** What its child was given and has not answered, in order. */
  given: Map<number, Waiting>
  /** The request that its child has begun last. */
  begun: number | undefined
  /** The request that it was given last. */
  last: number | undefined
  /** Requests that its child has met. */
  met: number
  /** Model that it has run last, and so has loaded. */
  key: string | undefined
}

const defaultEntry = fileURLToPath(
  new URL('./runnerProcess.js', import.meta.url),
)

/** Most requests of a batch, and most that a child holds unanswered before it is given more. */
const longestBatch = 32

const defaultBatchMs = 250

/** Share of the memory limit that a child between two requests may keep. */
const keptShare = 0.75

/** Models whose speed is remembered. */
const knownModels = 1_000

/**
 * Runs models in child processes that can be killed: `session.run` blocks its
 * event loop, and a model is untrusted input (DESIGN section 5). Each request has
 * a memory limit and a deadline. A child that was killed or died fails the
 * request that it ran and no other, and is started again for the next; one that
 * has served long or keeps too much memory is replaced.
 *
 * Small requests of one model that wait at the same time go to the child
 * together, and the next ones as soon as it begins with the last of these: it
 * meets them in one session, and what one has written is flushed here while the
 * next is computed.
 *
 * @example
 * const runner = new Runner({ threads: 1 })
 * const { outputs } = await runner.run({ model: { path }, inputs, outputs, spool })
 * await runner.close()
 */
export class Runner {
  readonly executionProvider: ExecutionProvider
  readonly threads: number
  readonly #options: RunnerOptions
  readonly #slots: readonly Slot[]
  readonly #queue: Waiting[] = []
  /** Milliseconds of a request of a model, as last seen. */
  readonly #speed = new Map<string, number>()
  #closed = false
  #next = 1

  constructor(options: RunnerOptions = {}) {
    this.#options = options
    this.executionProvider = options.executionProvider ?? 'cpu'
    this.threads = options.threads ?? 1
    this.#slots = Array.from({ length: options.processes ?? 1 }, () => ({
      child: undefined,
      started: undefined,
      busy: false,
      given: new Map(),
      begun: undefined,
      last: undefined,
      met: 0,
      key: undefined,
    }))
  }

  /** Fast path: runs the canonical file, flushes the committed outputs to disk. */
  async run(execution: RunnerExecution): Promise<ExecuteResult> {
    const result = await this.#execute(execution, true)
    const roots = result.outputs.map(({ dataRoot }) => dataRoot)
    await flushBlobFiles(execution.spool, roots)
    return result
  }

  /** Fast path of a segment: steps that follow one another (B8). Flushes nothing. */
  async runSteps(
    request: Omit<StepsRequest, 'kind'>,
    limits?: Partial<RunnerLimits> | undefined,
  ): Promise<StepsResult> {
    const result = await this.#enqueue({ kind: 'steps', ...request }, limits)
    if ('steps' in result) return result
    throw runnerError('LY-RUNNER-001', 'the runner answered another request')
  }

  /**
   * Traced path: `outputs` names every activation and output of a file that
   * declares them. The tensors go to the spool, never through the channel.
   */
  trace(execution: RunnerExecution): Promise<ExecuteResult> {
    return this.#execute(execution, true)
  }

  /** Runs a model of one node on given operands; the bytes come back. */
  runNode(execution: Omit<RunnerExecution, 'spool'>): Promise<ExecuteResult> {
    return this.#execute(execution, false)
  }

  /** Runs the runtime's `basic` level and returns the file it writes. */
  async optimise(model: Uint8Array): Promise<Uint8Array> {
    const result = await this.#enqueue({ kind: 'optimise', model })
    if ('model' in result) return result.model
    throw runnerError('LY-RUNNER-001', 'the runner answered another request')
  }

  /** Resident memory of all children. */
  async residentBytes(): Promise<number> {
    let total = 0
    for (const { child } of this.#slots) {
      const started = await child?.catch(() => undefined) // it did not start
      total += (await started?.residentBytes()) ?? 0
    }
    return total
  }

  /** Kills the children; requests that wait fail. */
  async close(): Promise<void> {
    this.#closed = true
    for (const one of this.#queue.splice(0)) one.reject(closed())
    await Promise.all(this.#slots.map((slot) => this.#end(slot)))
  }

  async #execute(
    { limits, ...execution }: Omit<RunnerExecution, 'spool'>,
    cache: boolean,
  ): Promise<ExecuteResult> {
    const request = { kind: 'execute', ...execution, cache } as const
    const result = await this.#enqueue(request, limits)
    if ('outputs' in result) return result
    throw runnerError('LY-RUNNER-001', 'the runner answered another request')
  }

  #enqueue(
    request: RunnerRequest,
    limits: Partial<RunnerLimits> = {},
  ): Promise<RunnerResult> {
    const own = this.#limits()
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(closed())
      this.#queue.push({
        id: this.#next++,
        request,
        limits: {
          memoryBytes: Math.min(
            own.memoryBytes,
            limits.memoryBytes ?? Number.POSITIVE_INFINITY,
          ),
          deadlineMs: Math.min(
            own.deadlineMs,
            limits.deadlineMs ?? Number.POSITIVE_INFINITY,
          ),
        },
        key: keyOf(request),
        resolve,
        reject,
      })
      this.#pump()
    })
  }

  /** Gives what waits to the children that are free, or soon will be. */
  #pump(): void {
    while (this.#queue.length > 0) {
      const free = this.#slots.filter(
        ({ busy, given }) => !busy && given.size === 0,
      )
      const key = this.#queue[0]?.key
      const slot =
        free.find((one) => key !== undefined && one.key === key) ??
        free[0] ??
        this.#slots.find((one) => this.#takesMore(one, key))
      if (slot === undefined) return
      void this.#give(slot, this.#takeBatch()) // fails its requests itself
    }
  }

  /** Whether a child that works may be given what it meets next. */
  #takesMore(slot: Slot, key: string | undefined): boolean {
    const { batchMs = defaultBatchMs } = this.#options
    const each = key && this.#speed.get(key)
    return (
      !slot.busy &&
      slot.started?.ended === false &&
      slot.key === key &&
      !!each &&
      each <= batchMs &&
      slot.begun === slot.last &&
      slot.given.size < longestBatch &&
      !this.#isSpent(slot, slot.given.size, slot.started.seenBytes)
    )
  }

  /** The first that waits, and with a small one the small ones like it. */
  #takeBatch(): Waiting[] {
    const [first] = this.#queue.splice(0, 1)
    if (first === undefined) return []
    const batch = [first]
    const { batchMs = defaultBatchMs } = this.#options
    const each = first.key && this.#speed.get(first.key)
    if (!each) return batch // unknown speeds run alone
    const most = Math.min(longestBatch, Math.floor(batchMs / each))
    for (let i = 0; i < this.#queue.length && batch.length < most; ) {
      const next = this.#queue[i]
      if (next?.key === first.key) batch.push(...this.#queue.splice(i, 1))
      else i += 1
    }
    return batch
  }

  async #give(slot: Slot, batch: readonly Waiting[]): Promise<void> {
    slot.busy = true
    slot.key = batch[0]?.key
    try {
      const child = await this.#childOf(slot)
      if (this.#closed) throw closed()
      for (const one of batch) {
        slot.given.set(one.id, one)
        slot.last = one.id
      }
      this.#options.onBatch?.(batch.length)
      child.send(batch)
    } catch (error) {
      for (const one of batch) {
        slot.given.delete(one.id)
        one.reject(error as LynodeError)
      }
    }
    slot.busy = false
    this.#pump()
  }

  #answered(slot: Slot, answer: RunnerAnswer): void {
    const one = slot.given.get(answer.id)
    slot.given.delete(answer.id)
    slot.met += 1
    if ('result' in answer) {
      this.#learn(one?.key, answer.result)
      one?.resolve(answer.result)
    } else
      one?.reject(
        runnerError(
          'LY-RUNNER-001',
          `the model did not run: ${answer.error.message}`,
        ),
      )
    if (slot.given.size === 0) void this.#recycle(slot) // asks its child only
  }

  #exited(slot: Slot, error: LynodeError): void {
    slot.child = undefined
    slot.started = undefined
    slot.met = 0
    const lost = [...slot.given.values()]
    slot.given.clear()
    if (lost.length === 0) return // nothing was asked of it
    if (this.#closed) {
      for (const one of lost) one.reject(closed())
      return
    }
    this.#options.onRestart?.(error.code)
    if (lost.length === 1) lost[0]?.reject(error)
    else {
      // Any of them may have done it: each runs alone, and fails alone.
      for (const one of lost) one.key = undefined
      this.#queue.unshift(...lost)
    }
    this.#pump()
  }

  /** The child of a slot; another one where it ended while nothing was asked of it. */
  async #childOf(slot: Slot): Promise<RunnerChild> {
    try {
      const child = await slot.child
      if (child !== undefined && !child.ended) return child
      slot.met = 0
      slot.child = this.#start(slot)
      slot.started = await slot.child
      return slot.started
    } catch (error) {
      slot.child = undefined
      throw error
    }
  }

  #learn(key: string | undefined, result: RunnerResult): void {
    if (key === undefined || !('timings' in result)) return
    const { loadMs, runMs, commitMs } = result.timings
    this.#speed.delete(key) // moves it to the young end
    this.#speed.set(key, loadMs + runMs + commitMs)
    for (const [oldest] of this.#speed) {
      if (this.#speed.size <= knownModels) break
      this.#speed.delete(oldest)
    }
  }

  /** Ends a child that has served long, or keeps what the next job may need. */
  async #recycle(slot: Slot): Promise<void> {
    slot.busy = true
    const bytes = await slot.started?.residentBytes().catch(() => undefined) // it ended
    if (this.#isSpent(slot, 0, bytes)) {
      await this.#end(slot)
      if (!this.#closed) this.#options.onRestart?.('recycled')
    }
    slot.busy = false
    this.#pump()
  }

  #isSpent(slot: Slot, more: number, residentBytes = 0): boolean {
    const { recycleAfter = 2_000 } = this.#options
    return (
      slot.met + more >= recycleAfter ||
      residentBytes >= this.#limits().memoryBytes * keptShare
    )
  }

  async #end(slot: Slot): Promise<void> {
    const child = await slot.child?.catch(() => undefined) // never started
    await child?.end()
    slot.child = undefined
    slot.started = undefined
    slot.met = 0
  }

  #start(slot: Slot): Promise<RunnerChild> {
    const { memoryBytes } = this.#limits()
    const child = RunnerChild.start({
      entry: this.#options.entry ?? defaultEntry,
      entryArguments: this.#options.entryArguments ?? [],
      settings: {
        executionProvider: this.executionProvider,
        threads: this.threads,
        sessions: this.#options.sessions ?? 4,
        sessionBytes: memoryBytes / 4,
      },
      heapBytes: memoryBytes,
      events: {
        begun: (id) => {
          slot.begun = id
          this.#pump()
        },
        answered: (answer) => this.#answered(slot, answer),
        exited: (error) => {
          // One that was killed as it answered may have a successor by now.
          if (slot.child === child) this.#exited(slot, error)
        },
      },
    })
    return child
  }

  #limits(): RunnerLimits {
    const { memoryBytes = 6 * 2 ** 30, deadlineMs = 300_000 } = this.#options
    return { memoryBytes, deadlineMs }
  }
}

/** Requests of one key have one session. */
function keyOf(request: RunnerRequest): string | undefined {
  if (request.kind === 'optimise' || !('path' in request.model))
    return undefined
  return `${request.mode ?? 'plain'}:${request.model.path}`
}

function closed(): LynodeError {
  return runnerError('LY-RUNNER-006', 'the runner is closed')
}
