import { existsSync, readdirSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  BlobStore,
  type Daemon,
  fetchInputs,
  replaySegment,
  stateBefore,
  stepInputs,
  traceStep,
  writeDurably,
} from '@lynode/runtime'
import {
  endsSegment,
  type Hex,
  parseStatesDocument,
  parseTraceDocument,
  type ResultDocument,
  type StatesDocument,
  segmentOf,
  type TraceDocument,
} from '@lynode/sdk'
import type { JobRow, JobTable } from './jobTable.js'

/**
 * Traces of disputed steps and states of disputed segments, on disk while their execution is open. Their blobs
 * are served by the data server, so that a verifier need not demand each chunk.
 */
export class TraceKeeper {
  readonly #daemon: Daemon
  readonly #jobs: JobTable
  readonly #running = new Map<string, Promise<TraceDocument>>()
  readonly #replays = new Map<string, Promise<StatesDocument>>()
  /** Layers of the data server, by folder. */
  readonly #layers = new Map<string, BlobStore>()

  constructor(daemon: Daemon, jobs: JobTable) {
    this.#daemon = daemon
    this.#jobs = jobs
  }

  /** The trace of a step: the stored one, or the result of a new traced run. */
  trace(
    row: JobRow,
    execId: Hex,
    result: ResultDocument,
    step: number,
  ): Promise<TraceDocument> {
    const key = `${execId}:${step}`
    const running =
      this.#running.get(key) ?? this.#trace(row, execId, result, step)
    this.#running.set(key, running)
    running.catch(() => this.#running.delete(key)) // the next call tries again
    return running
  }

  /**
   * What the steps of a segment carried: the stored states, or those of a new
   * run of the segment from the checkpoint before it (B8).
   */
  states(
    row: JobRow,
    execId: Hex,
    result: ResultDocument,
    step: number,
  ): Promise<StatesDocument> {
    const { index } = segmentOf(step, result.segment, result.steps.length)
    const key = `${execId}:states:${index}`
    const running =
      this.#replays.get(key) ?? this.#replay(row, execId, result, step, index)
    this.#replays.set(key, running)
    running.catch(() => this.#replays.delete(key)) // the next call tries again
    return running
  }

  /** Serves again what an earlier process traced. */
  restore(execId: Hex): void {
    const folder = this.#folder(execId)
    if (!existsSync(folder)) return
    for (const name of readdirSync(folder)) this.#serve(join(folder, name))
  }

  /** Forgets the traces of an execution that is closed. */
  async forget(execId: Hex): Promise<void> {
    const folder = this.#folder(execId)
    for (const [path, layer] of this.#layers) {
      if (dirname(path) !== folder) continue
      this.#daemon.layers.delete(layer)
      this.#layers.delete(path)
    }
    for (const map of [this.#running, this.#replays])
      for (const key of map.keys())
        if (key.startsWith(`${execId}:`)) map.delete(key)
    await rm(folder, { recursive: true, force: true })
  }

  async #replay(
    row: JobRow,
    execId: Hex,
    result: ResultDocument,
    step: number,
    index: number,
  ): Promise<StatesDocument> {
    const { models, blobClient, runner, reader, documents, logger } =
      this.#daemon
    const spool = this.#serve(join(this.#folder(execId), `states-${index}`))
    const file = join(spool.folder, 'states.json')
    if (existsSync(file))
      return parseStatesDocument(JSON.parse(await readFile(file, 'utf8')))
    const model = await models.load(row.order.modelId)
    const inputs = await fetchInputs(blobClient, model, row.order)
    const { states, steps } = await replaySegment({
      runner,
      model,
      inputs,
      result,
      step,
      reader,
      spool: spool.folder,
      mode: this.#jobs.fingerprintOf(row.jobId, row.attempt)?.mode,
    })
    const { first, length } = segmentOf(
      step,
      result.segment,
      result.steps.length,
    )
    const last = result.steps[first + length - 1]
    if (JSON.stringify(steps.at(-1)) !== JSON.stringify(last))
      logger.error(
        { event: 'replay.differs', jobId: row.jobId, segment: index },
        'the segment ends in another state than was delivered',
      )
    await writeDurably(file, JSON.stringify(states))
    await documents.put(states)
    return states
  }

  async #trace(
    row: JobRow,
    execId: Hex,
    result: ResultDocument,
    step: number,
  ): Promise<TraceDocument> {
    const { models, blobClient, runner, reader, documents, logger } =
      this.#daemon
    const spool = this.#serve(join(this.#folder(execId), String(step)))
    const file = join(spool.folder, 'trace.json')
    if (existsSync(file))
      return parseTraceDocument(JSON.parse(await readFile(file, 'utf8')))
    const model = await models.load(row.order.modelId)
    const inputs = await fetchInputs(blobClient, model, row.order)
    const states =
      step === 0 || endsSegment(step - 1, result.segment, result.steps.length)
        ? undefined
        : await this.states(row, execId, result, step)
    const before = stateBefore(result, states, step)
    const traced = await traceStep({
      runner,
      model,
      inputs: stepInputs(model.manifest, inputs, step, before),
      reader,
      spool: spool.folder,
      // The bits that were delivered, which another mode may not give.
      mode: this.#jobs.fingerprintOf(row.jobId, row.attempt)?.mode,
    })
    this.#daemon.metrics.inference.observe(
      {
        path: 'traced',
        model: this.#daemon.metrics.modelLabel(row.order.modelId),
      },
      (traced.timings.runMs +
        traced.timings.commitMs +
        traced.timings.storeMs) /
        1_000,
    )
    // An honest machine gives the bits it delivered; if not, the operator must
    // know, and the trace is posted all the same: silence would convict.
    const delivered = result.steps[step]
    if (
      JSON.stringify(traced.result.outputs) !==
        JSON.stringify(delivered?.outputs) ||
      (delivered?.carried.length !== 0 &&
        JSON.stringify(traced.result.carried) !==
          JSON.stringify(delivered?.carried))
    )
      logger.error(
        { event: 'trace.differs', jobId: row.jobId, step },
        'the traced run gives other outputs than were delivered',
      )
    await writeDurably(file, JSON.stringify(traced.trace))
    await documents.put(traced.trace)
    return traced.trace
  }

  #serve(folder: string): BlobStore {
    const layer = this.#layers.get(folder) ?? new BlobStore(folder)
    this.#layers.set(folder, layer)
    this.#daemon.layers.add(layer)
    return layer
  }

  #folder(execId: Hex): string {
    return join(this.#daemon.config.dataDir, 'traces', execId.slice(2))
  }
}
