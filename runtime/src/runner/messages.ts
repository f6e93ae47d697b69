import type { Hex, TensorType } from '@lynode/sdk'
import type { ExecutionProvider } from './executionProvider.js'

/** Bytes that the child reads from a file itself, or gets in the message. */
export type ByteSource = { path: string } | { bytes: Uint8Array }

/** A graph input: committed bytes of the named value. */
export type RunnerInput = { name: string; type: TensorType; source: ByteSource }

/** A graph output to commit to. */
export type RunnerOutput = { name: string; type: TensorType }

/**
 * How a model is executed: `plain` at optimisation level `disabled`, which gives
 * the same bits whatever is declared; `native` at level `all`, for models whose
 * fused values are not committed (DESIGN section 5).
 */
export type ExecutionMode = 'plain' | 'native'

/** One run of a model. */
export type ExecuteRequest = {
  kind: 'execute'
  model: ByteSource
  inputs: readonly RunnerInput[]
  outputs: readonly RunnerOutput[]
  /**
   * Blob directory that the child writes the committed tensors into; without
   * one they come back in the answer.
   */
  spool?: string | undefined
  /** Keep the session for the next run of the same file. */
  cache: boolean
  /** Default `plain`. */
  mode?: ExecutionMode | undefined
}

/**
 * Consecutive steps of one job, carried outputs fed back in memory: what lies
 * between them is neither hashed nor written.
 */
export type StepsRequest = {
  kind: 'steps'
  model: ByteSource
  /** Inputs of the first step: all; of later ones: those that are not carried. */
  steps: readonly (readonly RunnerInput[])[]
  /** Output that becomes an input of the next step, both by name. */
  carry: readonly (readonly [output: string, input: string])[]
  /** Carried outputs, in the order of their slots: committed at the last step. */
  carried: readonly RunnerOutput[]
  /** Other outputs, in the order of their slots: committed at every step. */
  outputs: readonly RunnerOutput[]
  /** Commit to the carried outputs of every step: a replay (B8). */
  every: boolean
  spool: string
  /** Default `plain`. */
  mode?: ExecutionMode | undefined
}

/** The runtime's own `basic` level, for publication only (RULES H). */
export type OptimiseRequest = { kind: 'optimise'; model: Uint8Array }

export type RunnerRequest = ExecuteRequest | StepsRequest | OptimiseRequest

/** A committed tensor of a run. */
export type CommittedOutput = {
  name: string
  dataRoot: Hex
  tensorRoot: Hex
  bytes: number
  /** Committed bytes, unless they went to the spool. */
  data?: Uint8Array | undefined
}

/**
 * Milliseconds spent in the parts of a run: session and operands, the run itself,
 * permuting and hashing the outputs, writing them to the spool.
 */
export type RunnerTimings = {
  loadMs: number
  runMs: number
  commitMs: number
  storeMs: number
}

export type ExecuteResult = {
  outputs: readonly CommittedOutput[]
  timings: RunnerTimings
}

export type StepsResult = {
  steps: readonly {
    carried: readonly CommittedOutput[]
    outputs: readonly CommittedOutput[]
  }[]
  timings: RunnerTimings
}

/** What a runner answers. */
export type RunnerResult = ExecuteResult | StepsResult | OptimiseResult

export type OptimiseResult = { model: Uint8Array }

/** A request with the number that its answer carries. */
export type RunnerCall = { id: number; request: RunnerRequest }

/** What the parent sends: requests that are met in this order. */
export type RunnerBatch = { calls: readonly RunnerCall[] }

/** What the child says: what it begins with, and what came of it. */
export type RunnerReply =
  | { begun: number }
  | { id: number; result: RunnerResult }
  | { id: number; error: { message: string } }
  | { ready: true }

/** Settings that the parent hands to the child as its first argument. */
export type RunnerSettings = {
  executionProvider: ExecutionProvider
  threads: number
  /** Sessions that stay loaded, and the bytes of their files together. */
  sessions: number
  sessionBytes: number
}
