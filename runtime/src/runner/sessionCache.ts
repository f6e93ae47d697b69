import { InferenceSession } from 'onnxruntime-node'
import type { ExecuteRequest, RunnerSettings } from './messages.js'
import { readSource } from './readSource.js'

type Loaded = { session: InferenceSession; bytes: number }

/**
 * Sessions that stay loaded, the least recently used ones dropped first. The
 * bytes of their files are bounded too: what a cache holds, the next job lacks.
 */
export class SessionCache {
  readonly #settings: RunnerSettings
  readonly #rewrite: (model: Uint8Array) => Uint8Array
  readonly #sessions = new Map<string, Loaded>()
  #bytes = 0

  constructor(
    settings: RunnerSettings,
    rewrite: (model: Uint8Array) => Uint8Array = (model) => model,
  ) {
    this.#settings = settings
    this.#rewrite = rewrite
  }

  /** The session of a model; one that is not to be cached is the caller's to release. */
  async get(
    request: Pick<ExecuteRequest, 'model' | 'cache' | 'mode'>,
  ): Promise<InferenceSession> {
    const mode = request.mode ?? 'plain'
    const key =
      request.cache && 'path' in request.model
        ? `${mode}:${request.model.path}`
        : undefined
    if (key === undefined) return this.#load(readSource(request.model), mode)
    const cached = this.#sessions.get(key)
    if (cached !== undefined) {
      this.#sessions.delete(key) // moves it to the young end
      this.#sessions.set(key, cached)
      return cached.session
    }
    const model = readSource(request.model)
    // Room first: two large models need not fit at once.
    await this.#makeRoom(model.length)
    const session = await this.#load(model, mode)
    this.#sessions.set(key, { session, bytes: model.length })
    this.#bytes += model.length
    return session
  }

  async #makeRoom(bytes: number): Promise<void> {
    const { sessions, sessionBytes } = this.#settings
    for (const [key, old] of this.#sessions) {
      const full =
        this.#sessions.size >= sessions || this.#bytes + bytes > sessionBytes
      if (!full) return
      this.#sessions.delete(key)
      this.#bytes -= old.bytes
      await old.session.release()
    }
  }

  #load(model: Uint8Array, mode: 'plain' | 'native') {
    const { executionProvider, threads } = this.#settings
    return InferenceSession.create(this.#rewrite(model), {
      executionProviders: [executionProvider],
      graphOptimizationLevel: mode === 'native' ? 'all' : 'disabled',
      executionMode: 'sequential',
      // An arena would keep the memory of the largest run; the pattern of one run
      // lets the next take all it needs in one piece, and give it back.
      enableCpuMemArena: false,
      enableMemPattern: true,
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
    })
  }
}
