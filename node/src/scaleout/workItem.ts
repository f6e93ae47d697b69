import { createHash } from 'node:crypto'
import type {
  ExecutionFingerprint,
  ExecutionMode,
  StepResult,
} from '@lynode/runtime'
import type { Hex } from '@lynode/sdk'

/** Consecutive whole segments of a job, for any worker. */
export type WorkItem = {
  /** Data server of the coordinator: inputs come from there, outputs go there. */
  source: string
  modelId: Hex
  fileRoot: Hex
  fileBytes: number
  inputRoot: Hex
  /** Steps of the whole job. */
  steps: number
  /** First segment, and how many. */
  first: number
  count: number
  /** Result of the step before, for a model that carries. */
  before: StepResult | null
  mode: ExecutionMode
  /** Time for each segment. */
  deadlineMs: number
}

/** What a worker answers; every tensor is at the coordinator by then. */
export type WorkResult = { steps: StepResult[]; runMs: number }

/** PostgreSQL schema of the queue. */
export const queueSchema = 'lynode'

const prefix = 'lynode-work-'

/**
 * Queue of the machines that give the same bits: a trace is opened by the
 * coordinator, so a worker of another kind would commit to what nobody here can
 * open (B7).
 */
export function queueNameOf(fingerprint: ExecutionFingerprint): string {
  const { mode: _, ...machine } = fingerprint // either mode runs anywhere
  const kind = createHash('sha256')
    .update(JSON.stringify(machine))
    .digest('hex')
  return `${prefix}${kind.slice(0, 16)}`
}

/** Whether a queue is one of work. */
export function isWorkQueue(name: string): boolean {
  return name.startsWith(prefix)
}

/** The same item has the same id, so that it is queued once, whatever restarts. */
export function itemId(
  jobId: Hex,
  attempt: number,
  { first, count }: Pick<WorkItem, 'first' | 'count'>,
): string {
  const hash = createHash('sha256')
    .update(`${jobId}:${attempt}:${first}:${count}`)
    .digest('hex')
  // A UUID of version 8: its bits are ours (RFC 9562).
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}
