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
import type { JobRow } from './jobTable.js'

/**
 * Traces of disputed steps, on disk while their execution is open. Their blobs
 * are served by the data server, so that a verifier need not demand each chunk.
 */
export class TraceKeeper {
  readonly #daemon: Daemon
  readonly #running = new Map<string, Promise<TraceDocument>>()

  constructor(daemon: Daemon) {
    this.#daemon = daemon
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

  /** Forgets the traces of an execution that is closed. */
  async forget(execId: Hex, steps: number): Promise<void> {
    for (const layer of [...this.#daemon.layers])
      if (
        layer instanceof BlobStore &&
        layer.folder.startsWith(this.#folder(execId))
      )
        this.#daemon.layers.delete(layer)
    for (let step = 0; step < steps; step++)
      this.#running.delete(`${execId}:${step}`)
    await rm(this.#folder(execId), { recursive: true, force: true })
  }

  async #trace(
    row: JobRow,
    execId: Hex,
    result: ResultDocument,
    step: number,
  ): Promise<TraceDocument> {
    const { models, blobClient, runner, reader, layers, documents, logger } =
      this.#daemon
    const spool = new BlobStore(join(this.#folder(execId), String(step)))
    const file = join(spool.folder, 'trace.json')
    layers.add(spool)
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
    })
    this.#daemon.metrics.inference.observe(
      { path: 'traced' },
      (traced.timings.runMs + traced.timings.commitMs) / 1_000,
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

  #folder(execId: Hex): string {
    return join(this.#daemon.config.dataDir, 'traces', execId.slice(2))
  }
}
