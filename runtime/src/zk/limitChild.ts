import type { ChildProcess } from 'node:child_process'
import { residentBytes } from '../runner/residentBytes.js'

/** What a prover's process may take. */
export type ProverLimits = {
  /** Default 10 minutes. */
  deadlineMs?: number | undefined
  /** Resident memory. Default 6 GiB. */
  memoryBytes?: number | undefined
  signal?: AbortSignal | undefined
}

/** A child under watch. */
export type LimitedChild = {
  /** Why it was killed; `undefined` if it was not. */
  why(): string | undefined
  /** Most resident memory that was seen. */
  peakBytes(): number
  /** Ends the watch. */
  release(): void
}

const watchMs = 100

/** Kills a child at its deadline or memory limit, or when the signal is given. */
export function limitChild(
  child: ChildProcess,
  limits: ProverLimits = {},
): LimitedChild {
  const { deadlineMs = 600_000, memoryBytes = 6 * 2 ** 30, signal } = limits
  let why: string | undefined
  let peak = 0
  const kill = (reason: string) => {
    why ??= reason
    child.kill('SIGKILL')
  }
  const deadline = setTimeout(
    () => kill(`it took longer than ${deadlineMs} ms`),
    deadlineMs,
  )
  const watch = setInterval(async () => {
    const bytes = child.pid === undefined ? 0 : await residentBytes(child.pid)
    peak = Math.max(peak, bytes ?? 0)
    if (peak > memoryBytes)
      kill(`it used ${peak} bytes of memory, more than ${memoryBytes}`)
  }, watchMs)
  const aborted = () => kill('it was aborted')
  signal?.addEventListener('abort', aborted)
  if (signal?.aborted) aborted()
  return {
    why: () => why,
    peakBytes: () => peak,
    release() {
      clearTimeout(deadline)
      clearInterval(watch)
      signal?.removeEventListener('abort', aborted)
    },
  }
}
