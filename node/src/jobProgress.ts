import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type ExecutionMode,
  type StepResult,
  writeDurably,
} from '@lynode/runtime'
import { type Hex, parseResultDocument, type ResultDocument } from '@lynode/sdk'

/** Segments of a job that are done, and how they were executed. */
export type FinishedSteps = {
  steps: ResultDocument['steps']
  mode: ExecutionMode
}

/**
 * The finished segments of a job that is being run, on disk: after a crash it
 * goes on behind the last checkpoint, in the mode it began in: another one
 * might give other bits, and the provider could not open what it commits to.
 */
export class JobProgress {
  readonly #file: string

  constructor(dataDir: string, jobId: Hex, attempt: number) {
    this.#file = join(dataDir, 'progress', `${jobId.slice(2)}-${attempt}.json`)
  }

  /** `undefined` before the first segment, and after a crash that left no whole file. */
  async load(segment: number): Promise<FinishedSteps | undefined> {
    if (!existsSync(this.#file)) return undefined
    const { mode, result } = JSON.parse(await readFile(this.#file, 'utf8')) as {
      mode: ExecutionMode
      result: unknown
    }
    const done = parseResultDocument(result)
    return done.segment === segment ? { steps: done.steps, mode } : undefined
  }

  async save(
    segment: number,
    steps: readonly StepResult[],
    mode: ExecutionMode,
  ): Promise<void> {
    const result: ResultDocument = { kind: 'result', segment, steps }
    await writeDurably(this.#file, JSON.stringify({ mode, result }))
  }

  async remove(): Promise<void> {
    await rm(this.#file, { force: true })
  }
}
