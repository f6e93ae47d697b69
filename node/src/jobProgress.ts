import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { StepResult } from '@lynode/runtime'
import { type Hex, parseResultDocument, type ResultDocument } from '@lynode/sdk'

/**
 * The finished segments of a job that is being run, on disk: after a crash it
 * goes on behind the last checkpoint.
 */
export class JobProgress {
  readonly #folder: string
  readonly #file: string

  constructor(dataDir: string, jobId: Hex, attempt: number) {
    this.#folder = join(dataDir, 'progress')
    this.#file = join(this.#folder, `${jobId.slice(2)}-${attempt}.json`)
  }

  /** Steps of finished segments; none after a crash that left no whole file. */
  async load(segment: number): Promise<ResultDocument['steps']> {
    if (!existsSync(this.#file)) return []
    const done = parseResultDocument(
      JSON.parse(await readFile(this.#file, 'utf8')),
    )
    return done.segment === segment ? done.steps : []
  }

  async save(segment: number, steps: readonly StepResult[]): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    const document: ResultDocument = { kind: 'result', segment, steps }
    const file = await open(`${this.#file}.part`, 'w')
    try {
      await file.writeFile(JSON.stringify(document))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(`${this.#file}.part`, this.#file)
  }

  async remove(): Promise<void> {
    await rm(this.#file, { force: true })
  }
}
