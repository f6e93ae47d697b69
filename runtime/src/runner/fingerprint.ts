import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import type { ExecutionProvider } from './executionProvider.js'
import type { ExecutionMode } from './messages.js'

/**
 * What decides which bits an execution gives (B7): who has the same can
 * reproduce them. It never decides who is right.
 */
export type ExecutionFingerprint = {
  runtime: string
  executionProvider: ExecutionProvider
  threads: number
  mode: ExecutionMode
  /** Processor model, as the system names it. */
  cpu: string
}

// Its version alone: the library is loaded in the runner's process only.
const { version } = createRequire(import.meta.url)(
  'onnxruntime-node/package.json',
) as { version: string }

/** Of a run on this machine. */
export function fingerprintOf(
  runner: { executionProvider: ExecutionProvider; threads: number },
  mode: ExecutionMode,
): ExecutionFingerprint {
  return {
    runtime: `onnxruntime ${version}`,
    executionProvider: runner.executionProvider,
    threads: runner.threads,
    mode,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
  }
}
