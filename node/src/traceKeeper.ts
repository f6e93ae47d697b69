import { existsSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  BlobStore,
  type Daemon,
  fetchInputs,
  stepInputs,
  traceStep,
} from '@lynode/runtime'
import {
  type Hex,
  parseTraceDocument,
  type ResultDocument,
  type TraceDocument,
} from '@lynode/sdk'
import type { JobRow, JobTable } from './jobTable.js'

/**
 * Traces of disputed steps, on disk while their execution is open. Their blobs
 * are served by the data server, so that a verifier need not demand each chunk.
 */
export class TraceKeeper {
  readonly #daemon: Daemon
  readonly #jobs: JobTable
  readonly #running = new Map<string, Promise<TraceDocument>>()
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

  /** Serves again what an earlier process traced. */
  restore(execId: Hex, steps: number): void {
    for (let step = 0; step < steps; step++)
      if (existsSync(this.#spool(execId, step))) this.#serve(execId, step)
  }

  /** Forgets the traces of an execution that is closed. */
  async forget(execId: Hex, steps: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      const layer = this.#layers.get(this.#spool(execId, step))
      if (layer !== undefined) this.#daemon.layers.delete(layer)
      this.#layers.delete(this.#spool(execId, step))
      this.#running.delete(`${execId}:${step}`)
    }
    await rm(this.#folder(execId), { recursive: true, force: true })
  }

  async #trace(
    row: JobRow,
    execId: Hex,
    result: ResultDocument,
    step: number,
  ): Promise<TraceDocument> {
    const { models, blobClient, runner, reader, documents, logger } =
      this.#daemon
    const spool = this.#serve(execId, step)
    const file = join(spool.folder, 'trace.json')
    if (existsSync(file))
      return parseTraceDocument(JSON.parse(await readFile(file, 'utf8')))
    const model = await models.load(row.order.modelId)
    const inputs = await fetchInputs(blobClient, model, row.order)
    const traced = await traceStep({
      runner,
      model,
      inputs: stepInputs(model.manifest, inputs, step, result.steps[step - 1]),
      reader,
      spool: spool.folder,
      // The bits that were delivered, which another mode may not give.
      mode: this.#jobs.fingerprintOf(row.jobId, row.attempt)?.mode,
    })
    this.#daemon.metrics.inference.observe(
      { path: 'traced' },
      (traced.timings.runMs +
        traced.timings.commitMs +
        traced.timings.storeMs) /
        1_000,
    )
    // An honest machine gives the bits it delivered; if not, the operator must
    // know, and the trace is posted all the same: silence would convict.
    if (JSON.stringify(traced.result) !== JSON.stringify(result.steps[step]))
      logger.error(
        { event: 'trace.differs', jobId: row.jobId, step },
        'the traced run gives other outputs than were delivered',
      )
    await writeFile(`${file}.part`, JSON.stringify(traced.trace))
    await rename(`${file}.part`, file)
    await documents.put(traced.trace)
    return traced.trace
  }

  #serve(execId: Hex, step: number): BlobStore {
    const folder = this.#spool(execId, step)
    const layer = this.#layers.get(folder) ?? new BlobStore(folder)
    this.#layers.set(folder, layer)
    this.#daemon.layers.add(layer)
    return layer
  }

  #spool(execId: Hex, step: number): string {
    return join(this.#folder(execId), String(step))
  }

  #folder(execId: Hex): string {
    return join(this.#daemon.config.dataDir, 'traces', execId.slice(2))
  }
}
