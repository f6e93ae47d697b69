import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { codeOf } from '../errors/codeOf.js'
import { errorText } from '../errors/errorText.js'
import type { Metrics } from '../metrics/metrics.js'

export type LoopOptions = {
  name: string
  /** Pause between two good turns. */
  intervalMs: number
  turn: () => Promise<void>
  logger: Logger
  metrics: Metrics
  signal: AbortSignal
}

const firstBackoffMs = 500
const longestBackoffMs = 60_000

/**
 * The one policy of every loop in a daemon: a turn that fails is logged and
 * repeated after 0.5 s x 1.5 up to 60 s; a good turn moves the heartbeat.
 * Resolves when `signal` aborts, after the turn that runs.
 */
export async function runLoop(options: LoopOptions): Promise<void> {
  const { name, intervalMs, turn, logger, metrics, signal } = options
  let backoffMs = firstBackoffMs
  while (!signal.aborted) {
    let pauseMs = intervalMs
    try {
      await turn()
      metrics.heartbeat.set({ loop: name }, Date.now() / 1000)
      backoffMs = firstBackoffMs
    } catch (error) {
      pauseMs = backoffMs
      backoffMs = Math.min(backoffMs * 1.5, longestBackoffMs)
      metrics.errors.inc({ loop: name, code: codeOf(error) })
      logger.warn({ loop: name, error: errorText(error) }, 'loop failed')
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined) // stopped
  }
}
